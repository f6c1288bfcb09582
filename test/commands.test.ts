/** Commands carry names from the evidence: none may reach a shell as more than one word of text. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { accountId, fill, refusal, toPaste } from '../src/report/commands.ts';

const account = '111122223333';

describe('commands', () => {
  const names = (id: string) => ({ id, name: id, also: null, region: null });

  it.each([
    'x; rm -rf ~',
    '$(reboot)',
    '`reboot`',
    "it's",
    "'; reboot; '",
    'a b',
    '"quoted"',
    String.raw`back\slash`,
    '*',
    '#comment',
    '~',
    '!!',
    '{a,b}',
    'Ünïcode 名前',
    '&&',
    '>out',
  ])('gives the shell %j as one word', (hostile) => {
    const { commands } = fill(['iam get-user --user-name {name}'], names(hostile));
    const shown = spawnSync('sh', ['-c', `aws() { printf '%s\\n' "$@"; }; ${commands[0]}`], { encoding: 'utf8' });
    expect(shown.stdout).toBe(`iam\nget-user\n--user-name\n${hostile}\n`);
  });

  it.each([
    'two\nlines',
    'bell\u0007',
    'esc\u001b[2J',
    'right\u202eto-left',
    'hidden\u200b',
    '--profile=other',
    'file:///etc/passwd',
    'https://example.com/x',
    'nul\u0000',
  ])('refuses %j and says why', (hostile) => {
    const { commands, refused } = fill(['iam get-user --user-name {name}'], names(hostile));
    expect(commands).toEqual([]);
    expect(refusal(refused)).toContain('write it by hand, with care');
  });

  it('refuses inside a word what the shorthand of an option would read', () => {
    expect(
      fill(['ecr batch-delete-image --image-ids imageDigest={id}'], names('x,imageTag=latest y')).commands,
    ).toEqual([]);
    expect(fill(['s3 rb s3://{id} --force'], names('amzn-s3-demo-bucket')).commands).toEqual([
      'aws s3 rb s3://amzn-s3-demo-bucket --force',
    ]);
  });

  it('leaves what the evidence does not tell for the reader to fill, and no region that is none', () => {
    const region = "eu-west-1'; reboot";
    expect(
      fill(['ec2 delete-key-pair --key-name {also}'], { id: 'key-1', name: 'key-1', also: null, region }).commands,
    ).toEqual(["aws ec2 delete-key-pair --key-name '<KEY-NAME>'"]);
    expect(
      fill(['ec2 create-snapshot --volume-id <VOLUME-ID>'], { ...names('v'), region: 'eu-west-1' }).commands,
    ).toEqual(["aws ec2 create-snapshot --volume-id '<VOLUME-ID>' --region eu-west-1"]);
  });

  it('gives the shell a word to fill as one word too: it neither reads nor writes a file', () => {
    const { commands } = fill(['s3 sync s3://{id} s3://<EVIDENCE-BUCKET>/{id}'], names('logs'));
    const shown = spawnSync('sh', ['-c', `aws() { printf '%s\\n' "$@"; }; ${commands[0]}`], { encoding: 'utf8' });
    expect(shown.stdout).toBe('s3\nsync\ns3://logs\ns3://<EVIDENCE-BUCKET>/logs\n');
  });

  it('takes no word to fill from a hostile name', () => {
    expect(fill(['iam get-user --user-name {name}'], names('<USER-NAME>{id}')).commands).toEqual([
      "aws iam get-user --user-name '<USER-NAME>{id}'",
    ]);
  });

  it('says above a block which account it is for, and that something is left to fill', () => {
    expect(toPaste(['aws a'], account)).toEqual([`# account ${account}`, 'aws a']);
    expect(toPaste(["aws b --x '<X>'"], null)).toEqual([
      '# replace each <WORD> in angle brackets first',
      "aws b --x '<X>'",
    ]);
    expect(accountId('111122223333\nreboot')).toBeNull();
  });

  it('takes the address of a queue as it stands', () => {
    const url = `https://sqs.eu-west-1.amazonaws.com/${account}/orders`;
    expect(fill(['sqs delete-queue --queue-url {id}'], { ...names(url), region: 'eu-west-1' }).commands).toEqual([
      `aws sqs delete-queue --queue-url ${url} --region eu-west-1`,
    ]);
  });
});
