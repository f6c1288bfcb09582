/** What to change because scope read it: whoever read a secret can still use it elsewhere. */
import { accountId, accountOf, fill, refusal } from './commands.ts';
import type { Undo } from './eradication.ts';
import type { Report } from './model.ts';
import { brief, count, number, span, thing } from './words.ts';

type Step = Report['rotation'][number];
type Secret = Report['secrets'][number];

const most = 1000;

type Way = { verb: string; what: string; commands: string[] };

const asked = { state: 'to_do', caution: null } as const;

/** What to do by kind of secret: {id} is the secret; `<WORDS>` are for the reader to fill. */
const ways: Record<string, Way> = {
  secret: {
    verb: 'Change',
    what: 'Give it a new value, here and where it is used.',
    commands: ['secretsmanager rotate-secret --secret-id {id}'],
  },
  unknown_set_of_secrets: {
    verb: 'Change',
    what: 'Give every secret that fits the filter a new value; the filter is in the request, the names are not recorded.',
    commands: ['secretsmanager list-secrets'],
  },
  decrypted_parameter: {
    verb: 'Change',
    what: 'Give it a new value, here and where it is used.',
    commands: ['ssm put-parameter --name {id} --value <NEW-VALUE> --type SecureString --overwrite'],
  },
  parameter: {
    verb: 'Check',
    what: 'Where it holds a secret, change it here and where it is used.',
    commands: ['ssm get-parameter-history --name {id}'],
  },
  decrypted_parameter_path: {
    verb: 'Change',
    what: 'Give every parameter under the path a new value.',
    commands: ['ssm get-parameters-by-path --path {id} --recursive'],
  },
  parameter_path: {
    verb: 'Check',
    what: 'Where parameters under the path hold secrets, change them.',
    commands: ['ssm get-parameters-by-path --path {id} --recursive'],
  },
  function_environment: {
    verb: 'Change',
    what: 'Change every credential in the environment of the function.',
    commands: ['lambda get-function-configuration --function-name {id}'],
  },
  task_definition: {
    verb: 'Change',
    what: 'Change every credential in the environment of the task definition.',
    commands: ['ecs describe-task-definition --task-definition {id}'],
  },
  build_project: {
    verb: 'Change',
    what: 'Change every credential in the environment of the build project.',
    commands: ['codebuild batch-get-projects --names {id}'],
  },
  user_data_script: {
    verb: 'Change',
    what: 'Change every credential in the user data.',
    commands: ['ec2 describe-instance-attribute --instance-id {id} --attribute userData'],
  },
  windows_password: { verb: 'Change', what: 'Change the administrator password of the instance.', commands: [] },
  object_with_keys: { verb: 'Change', what: 'Change every key and password that the object holds.', commands: [] },
  private_certificate: { verb: 'Replace', what: 'Replace the certificate and its private key.', commands: [] },
  kms_ciphertext: { verb: 'Check', what: 'Where a secret was decrypted with the key, change it.', commands: [] },
  database_credential: {
    verb: 'End',
    what: 'End the database sessions that were opened with the temporary password.',
    commands: [],
  },
};

const otherwise: Way = { verb: 'Check', what: 'Where it holds credentials, change them.', commands: [] };

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

const stepOf = (secret: Secret, note: string): Step => {
  const { kind, id, region, calls, first_seen, last_seen, event_ids } = secret;
  const read = `read in ${count(calls, 'call')}, ${span(first_seen, last_seen)}`;
  const about = { subject: id, account: accountId(secret.account), event_ids };
  if (kind === 'registry_token') {
    const what = `nothing to change once it has expired, twelve hours after its issue; ${read}`;
    return { ...asked, ...about, state: 'settled', title: `Registry token ${brief(id)}`, what, commands: [] };
  }
  const way = ways[kind] ?? otherwise;
  const { commands, refused } = fill(way.commands, {
    id: id.startsWith('(') ? null : id,
    name: null,
    also: null,
    region,
  });
  return {
    ...asked,
    ...about,
    title: `${way.verb} ${thing(kind)} ${brief(id)}`,
    what: `${way.what} It was ${read}.${note}${refusal(refused)}`,
    commands,
  };
};

/** A key that others had outlives its deactivation in copies: its owner gets a new one. */
const seedSteps = (credentials: Report['credentials']): Step[] =>
  credentials
    .filter((row) => row.edge === 'seed' && row.kind === 'long_lived' && row.note !== 'not_in_evidence')
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
        ...asked,
        subject: row.access_key_id,
        title: `Replace access key ${row.access_key_id}`,
        what: `Once the leak is closed, give its owner a new one, or better none, and delete this one when nothing uses it any more.${refusal(refused)}`,
        account: accountOf(row.principal),
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
            ...asked,
            state: 'open' as const,
            subject: 'further secrets',
            title: 'Further secrets',
            what: `${number(due.length - most)} more were read: see Secrets read.`,
            account: null,
            commands: [],
            event_ids: [],
          },
        ]
      : []),
    ...(own > 0
      ? [
          {
            ...asked,
            state: 'settled' as const,
            subject: 'made by scope itself',
            title: count(own, 'secret'),
            what: 'written and read by scope itself, see Eradication',
            account: null,
            commands: [],
            event_ids: [],
          },
        ]
      : []),
  ];
};
