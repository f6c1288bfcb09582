/** What to change because scope read it: whoever read a secret can still use it elsewhere. */
import { fill, refusal } from './commands.ts';
import type { Undo } from './eradication.ts';
import type { Report } from './model.ts';
import { count, number, span, thing } from './words.ts';

type Step = Report['rotation'][number];
type Secret = Report['secrets'][number];

const most = 1000;

/** What to do by kind of secret: {id} is the secret; words in capitals are for the reader to fill. */
const ways: Record<string, { what: string; commands: string[] }> = {
  secret: {
    what: 'Give the secret a new value, here and where it is used',
    commands: ['secretsmanager rotate-secret --secret-id {id}'],
  },
  decrypted_parameter: {
    what: 'Give the parameter a new value, here and where it is used',
    commands: ['ssm put-parameter --name {id} --value NEW --type SecureString --overwrite'],
  },
  parameter: {
    what: 'Check whether the parameter holds a secret, and change it here and where it is used',
    commands: ['ssm get-parameter-history --name {id}'],
  },
  decrypted_parameter_path: {
    what: 'Give every parameter under the path a new value',
    commands: ['ssm get-parameters-by-path --path {id} --recursive'],
  },
  parameter_path: {
    what: 'Check which parameters under the path hold secrets, and change them',
    commands: ['ssm get-parameters-by-path --path {id} --recursive'],
  },
  function_environment: {
    what: 'Change every credential in the environment of the function',
    commands: ['lambda get-function-configuration --function-name {id}'],
  },
  task_definition: {
    what: 'Change every credential in the environment of the task definition',
    commands: ['ecs describe-task-definition --task-definition {id}'],
  },
  build_project: {
    what: 'Change every credential in the environment of the build project',
    commands: ['codebuild batch-get-projects --names {id}'],
  },
  user_data_script: {
    what: 'Change every credential in the user data',
    commands: ['ec2 describe-instance-attribute --instance-id {id} --attribute userData'],
  },
  windows_password: { what: 'Change the administrator password of the instance', commands: [] },
  object_with_keys: { what: 'Change every key and password that the object holds', commands: [] },
  private_certificate: { what: 'Replace the certificate and its private key', commands: [] },
  kms_ciphertext: { what: 'Change what was decrypted with the key, where it is a secret', commands: [] },
  registry_token: { what: 'Nothing to change once the token has expired, twelve hours after its issue', commands: [] },
  database_credential: { what: 'End the database sessions that were opened with the temporary password', commands: [] },
};

const otherwise = { what: 'Check which credentials it holds, and change them', commands: [] };

/** A secret that scope itself made is removed, not changed. */
const madeByScope = (id: string, undo: readonly Undo[]): boolean =>
  undo.some((made) => made.id === id && /^AWS::(SecretsManager::Secret|SSM::Parameter)$/.test(made.type));

const changedSince = (id: string, consequences: Report['consequences']): string => {
  const changes = consequences.filter((row) => row.subject === id && row.outcome === 'success');
  const last = changes.at(-1);
  return last === undefined
    ? ''
    : ` ${last.event_name ?? 'An event'} by ${last.actor ?? 'others'} names it later: check whether that changed it.`;
};

const stepOf = ({ kind, id, region, calls, first_seen, last_seen, event_ids }: Secret, note: string): Step => {
  const way = ways[kind] ?? otherwise;
  const { commands, refused } = fill(way.commands, {
    id: id.startsWith('(') ? null : id,
    name: null,
    also: null,
    region,
  });
  return {
    subject: id,
    what: `${way.what}: ${thing(kind)} ${id}, read in ${count(calls, 'call')}, ${span(first_seen, last_seen)}.${note}${refusal(refused)}`,
    commands,
    event_ids,
  };
};

/** A key that others had outlives its deactivation in copies: its owner gets a new one. */
const seedSteps = (credentials: Report['credentials']): Step[] =>
  credentials
    .filter((row) => row.edge === 'seed' && row.kind === 'long_lived')
    .map((row) => {
      const user = row.principal?.includes(':user/') ? row.principal.slice(row.principal.lastIndexOf('/') + 1) : null;
      const { commands, refused } = fill(
        ['iam create-access-key --user-name {name}', 'iam delete-access-key --user-name {name} --access-key-id {id}'],
        {
          id: row.access_key_id,
          name: user,
          also: null,
          region: null,
        },
      );
      return {
        subject: row.access_key_id,
        what: `Replace the access key ${row.access_key_id} once the leak is closed: give its owner a new one, or better none, and delete this one when nothing uses it any more.${refusal(refused)}`,
        commands,
        event_ids: [],
      };
    });

/** @param undo what scope made: it needs no new value */
export const rotation = (
  report: Pick<Report, 'credentials' | 'secrets' | 'consequences'>,
  undo: readonly Undo[],
): Step[] => {
  const read = report.secrets.filter((row) => row.outcome === 'success' || row.outcome === 'mixed');
  const due = read.filter((row) => !madeByScope(row.id, undo));
  const own = read.length - due.length;
  return [
    ...seedSteps(report.credentials),
    ...due.slice(0, most).map((row) => stepOf(row, changedSince(row.id, report.consequences))),
    ...(due.length > most
      ? [
          {
            subject: 'further secrets',
            what: `${number(due.length - most)} more were read: see Secrets read.`,
            commands: [],
            event_ids: [],
          },
        ]
      : []),
    ...(own > 0
      ? [
          {
            subject: 'made by scope itself',
            what: `Nothing to change for ${count(own, 'secret')} that scope itself wrote and read: see Eradication.`,
            commands: [],
            event_ids: [],
          },
        ]
      : []),
  ];
};
