/** Why a Sigma rule is not run. A rule is compiled whole or not at all: nothing of it is passed over. */
export class SigmaRefusal extends Error {}

/** @throws SigmaRefusal always */
export const refuse = (reason: string): never => {
  throw new SigmaRefusal(reason);
};

/** A stranger's word inside a reason: short, whatever its length. */
export const cited = (word: unknown): string => {
  const text = typeof word === 'string' ? word : (JSON.stringify(word) ?? String(word));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
