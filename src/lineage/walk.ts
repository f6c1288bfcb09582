/** Walks edges from the seeds: each credential once, by its best-proven and then shortest way. */

export const grades = ['certain', 'strong', 'weak'] as const;
export type Grade = (typeof grades)[number];

/** An event that led from one credential to another. Times are RFC 3339 in UTC, so they compare as text. */
export type Edge = {
  event_id: string;
  event_time: string | null;
  event_name: string | null;
  /** The credential that acted; null where the event shows none. */
  issuer: string | null;
  issued: string;
  principal: string | null;
  /** Its kind: see queries/steps/edges/. */
  edge: string;
  confidence: Grade;
};

export type Window = { from: string | null; to: string | null };

export type Reached = {
  access_key_id: string;
  hop: number;
  via: Edge | undefined;
  /** Of the weakest edge on the way. */
  confidence: 'seed' | Grade;
  in_scope: boolean;
  note: 'pre_window' | 'after_window' | 'look_here' | 'candidate' | null;
};

const outside = (time: string | null, { from, to }: Window): 'pre_window' | 'after_window' | null => {
  if (time === null) return null;
  if (from !== null && time < from) return 'pre_window';
  return to !== null && time >= to ? 'after_window' : null;
};

const rank = (confidence: Reached['confidence']): number => grades.indexOf(confidence as Grade);

/**
 * Follows edges to any depth. A credential issued outside the window is listed and not followed.
 * Cause and use may share a second and arrive in any order, so no edge asks that the issue comes before the use.
 * What certain edges reach is settled before a strong one is followed, and that before a weak one.
 */
export const walk = (seeds: string[], edges: Edge[], window: Window): Reached[] => {
  const byIssuer = new Map<string, Edge[]>();
  const byIssued = new Map<string, Edge>();
  for (const edge of edges) {
    if (edge.confidence === 'certain' || !byIssued.has(edge.issued)) byIssued.set(edge.issued, edge);
    if (edge.issuer === null) continue;
    const own = byIssuer.get(edge.issuer);
    if (own) own.push(edge);
    else byIssuer.set(edge.issuer, [edge]);
  }
  const reached = new Map<string, Reached>();
  const left = new Map<string, Reached>();
  const start = (seed: string): Reached => {
    const via = byIssued.get(seed);
    return { access_key_id: seed, hop: 0, via, confidence: 'seed', in_scope: true, note: null };
  };
  // By grade, and then by hop from the seeds.
  const waiting: Record<Grade, Reached[][]> = { certain: [seeds.map(start)], strong: [], weak: [] };
  const found = (one: Reached, grade: Grade): void => void (waiting[grade][one.hop] ??= []).push(one);
  const step = (from: Reached): void => {
    if (reached.has(from.access_key_id)) return;
    reached.set(from.access_key_id, from);
    for (const via of byIssuer.get(from.access_key_id) ?? []) {
      if (reached.has(via.issued)) continue;
      const note = outside(via.event_time, window);
      const confidence = rank(via.confidence) > rank(from.confidence) ? via.confidence : (from.confidence as Grade);
      const one = { access_key_id: via.issued, hop: from.hop + 1, via, confidence, in_scope: note === null, note };
      if (one.in_scope) found(one, confidence);
      else if (!left.has(via.issued)) left.set(via.issued, one);
    }
  };
  for (const grade of grades)
    // Each hop finds the next, so that the list grows as it is walked.
    for (let hop = 0; hop < waiting[grade].length; hop++) for (const one of waiting[grade][hop] ?? []) step(one);
  for (const [key, one] of left) if (!reached.has(key)) reached.set(key, one);
  return [...reached.values()];
};
