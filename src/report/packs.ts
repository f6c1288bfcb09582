/** Which packs answer which question of the report; a pack of the analyst's own answers none, its findings stand beside them. */

export const backdoorPacks: ReadonlySet<string> = new Set([
  'backdoors',
  'new-principals',
  'privilege-escalation',
  'persistence',
]);

export const dataPacks: ReadonlySet<string> = new Set(['data-access', 'exfiltration']);

/** Findings about a whole pattern of use: what single events did, other packs tell. */
export const patternPacks: ReadonlySet<string> = new Set(['ip-anomalies', 'recon', 'aws-quarantine']);
