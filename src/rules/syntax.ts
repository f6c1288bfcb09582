/** A statement as DuckDB's parser gives it: a tree of JSON objects. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Node = { [key: string]: Json };

export const isNode = (value: Json | undefined): value is Node =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const word = (value: Json | undefined): string => text(value).toLowerCase();

/** Every object of the tree, each before those inside it. */
export const nodes = (tree: Json): Node[] => {
  const found: Node[] = [];
  const visit = (value: Json): void => {
    if (value === null || typeof value !== 'object') return;
    if (!Array.isArray(value)) found.push(value);
    for (const child of Object.values(value)) visit(child);
  };
  visit(tree);
  return found;
};
