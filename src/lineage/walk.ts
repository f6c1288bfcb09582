/** Walks issuing edges from the seeds, breadth first: each credential once, by its shortest way. */

/** A call whose response names the key it issued. Times are RFC 3339 in UTC, so they compare as text. */
export type IssuingEdge = {
  event_id: string;
  event_time: string | null;
  event_name: string;
  issuer: string | null;
  issued: string;
  principal: string | null;
  confidence: 'certain' | 'strong';
};

export type Window = { from: string | null; to: string | null };

export type Reached = {
  access_key_id: string;
  hop: number;
  via: IssuingEdge | undefined;
  /** Of the weakest edge on the way. */
  confidence: 'seed' | IssuingEdge['confidence'];
  in_scope: boolean;
  note: 'pre_window' | 'after_window' | null;
};

const outside = (time: string | null, { from, to }: Window): Reached['note'] => {
  if (time === null) return null;
  if (from !== null && time < from) return 'pre_window';
  return to !== null && time >= to ? 'after_window' : null;
};

/**
 * Follows keys to any depth. A credential issued outside the window is listed and not followed.
 * Cause and use may share a second and arrive in any order, so no edge asks that the issue comes before the use.
 */
export const walk = (seeds: string[], edges: IssuingEdge[], window: Window): Reached[] => {
  const byIssuer = new Map<string, IssuingEdge[]>();
  const byIssued = new Map<string, IssuingEdge>();
  for (const edge of edges) {
    byIssued.set(edge.issued, edge);
    if (edge.issuer === null) continue;
    const own = byIssuer.get(edge.issuer);
    if (own) own.push(edge);
    else byIssuer.set(edge.issuer, [edge]);
  }
  const reached = new Map<string, Reached>();
  for (const seed of seeds)
    reached.set(seed, {
      access_key_id: seed,
      hop: 0,
      via: byIssued.get(seed),
      confidence: 'seed',
      in_scope: true,
      note: null,
    });
  const queue = [...reached.values()];
  for (const from of queue) {
    for (const via of byIssuer.get(from.access_key_id) ?? []) {
      const known = reached.get(via.issued);
      if (known) continue;
      const note = outside(via.event_time, window);
      const confidence = from.confidence === 'strong' ? 'strong' : via.confidence;
      const in_scope = note === null;
      const next: Reached = { access_key_id: via.issued, hop: from.hop + 1, via, confidence, in_scope, note };
      reached.set(via.issued, next);
      if (next.in_scope) queue.push(next);
    }
  }
  return [...reached.values()];
};
