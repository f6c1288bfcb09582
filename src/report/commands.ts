/** Commands for a person to run: values from the evidence are hostile, and none may reach a shell as more than one word of text. */

/** What commands act on: an id and its parts as the evidence gives them. */
export type Names = { id: string | null; name: string | null; also: string | null; region: string | null };

export type Filled = { commands: string[]; /** Why some are missing. */ refused: string | null };

/** Nothing in it that a shell, or the shorthand of an AWS option, reads as more than text. */
const plain = /^[A-Za-z0-9_@%+./:][A-Za-z0-9_@%+=./:-]*$/;
/** Control characters, and the marks that reorder or hide text, make a line read otherwise than it runs. */
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** The AWS CLI reads such a value from a file or an address instead of taking it as it stands. */
const loads = /^(file|fileb|https?):\/\//i;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html */
const queue = /^https:\/\/(sqs\.[a-z0-9-]+|[a-z0-9-]+\.queue)\.amazonaws\.com(\.cn)?\/[0-9]{12}\/[A-Za-z0-9_.-]+$/;

/** Services that know no regions, or find their own. */
const regionless = /^(iam|organizations|route53|cloudfront|s3|s3api|sts|support) /;

/** Why a value may stand in no command; null where it may. */
const objection = (value: string): string | null => {
  if (deceptive.test(value)) return 'holds characters that do not show';
  if (value.startsWith('-')) return 'begins as an option does';
  if (loads.test(value) && !queue.test(value)) return 'names a file or address that the AWS CLI would load';
  return value.length > 2048 ? 'is too long' : null;
};

/** One word for a POSIX shell. */
const quote = (value: string): string => (plain.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`);

/** Left for the reader to fill. In quotes, since a shell would read from and write to files by these signs. */
const blank = (word: string): string => `'<${word.toUpperCase()}>'`;

/** `--user-name {also}` without a value: `--user-name '<USER-NAME>'`. */
const optionBefore = (template: string, at: number): string =>
  /--([a-z0-9-]+)(?: \S*)?$/.exec(template.slice(0, at).trimEnd())?.[1] ?? 'name';

const fillOne = (template: string, names: Names): { command: string } | { refused: string } => {
  let refused: string | null = null;
  const filled = template.replaceAll(/\{(id|name|also)\}|<([A-Z0-9-]+)>/g, (_match, part, word, at: number) => {
    if (word !== undefined) return blank(String(word));
    const value = names[part as 'id' | 'name' | 'also']; // By the pattern.
    if (value === null || value === '') return blank(optionBefore(template, at));
    // Inside a word, as in s3://{id}, quotes do not help against the shorthand of the option itself.
    const inside = at > 0 && template[at - 1] !== ' ';
    refused ??=
      objection(value) ??
      (inside && !plain.test(value) ? 'holds characters that this option reads as more than a name' : null);
    return quote(value);
  });
  if (refused !== null) return { refused };
  const { region } = names;
  const where =
    region !== null && /^[a-z]{2}[a-z0-9-]*-[0-9]+[a-z]*$/.test(region) && !regionless.test(template)
      ? ` --region ${region}`
      : '';
  return { command: `aws ${filled}${where}` };
};

/** Fills {id}, {name} and {also} of each template; `<WORDS>` stay for the reader to fill. */
export const fill = (templates: readonly string[], names: Names): Filled => {
  const commands: string[] = [];
  let refused: string | null = null;
  for (const template of templates) {
    const one = fillOne(template, names);
    if ('command' in one) commands.push(one.command);
    else refused = one.refused;
  }
  return { commands, refused };
};

/** Said of a step whose commands are not given. */
export const refusal = (refused: string | null): string =>
  refused === null ? '' : ` No command is given where a name ${refused}: write it by hand, with care.`;

/** Commands as a block to paste: first the account they are for, then whether something is left to fill. */
export const toPaste = (commands: readonly string[], account: string | null): string[] => [
  ...(account === null ? [] : [`# account ${account}`]),
  ...(commands.some((command) => /'<[A-Z0-9-]+>'/.test(command))
    ? ['# replace each <WORD> in angle brackets first']
    : []),
  ...commands,
];

/** Twelve digits or nothing: it stands in a comment, which a line break would end. */
export const accountId = (value: string | null): string | null => (/^\d{12}$/.test(value ?? '') ? value : null);

export const accountOf = (arn: string | null): string | null =>
  /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1] ?? null;
