/** The known-good file as commands take it: read before anything is loaded, with what is odd about it said on stderr. */
import { type KnownGood, problemText, usableKnownGood } from '../rules/known-good-file.ts';
import { visible } from '../report/escape.ts';
import type { World } from './program.ts';

export type KnownGoodOption = { knownGood?: string };

/** @throws TrailscopeError where an entry of it cannot be used */
export const readKnownGoodOption = (world: World, { knownGood: file }: KnownGoodOption): KnownGood | undefined => {
  if (file === undefined) return undefined;
  const known = usableKnownGood(file);
  for (const problem of known.problems) world.stderr(`trailscope: ${visible(problemText(known, problem))}\n`);
  return known;
};

/** For the custody log. */
export const givenOf = (known: KnownGood | undefined): Record<string, string> =>
  known === undefined ? {} : { known_good_sha256: known.sha256 };
