/** Two months of 200 credentials among innocent change, ten of them stolen in ten ways: records with the truth of each, and what their addresses are. */
import type { CloudTrailRecord } from './support.ts';

type Place = {
  address: string;
  country: string;
  latitude: number;
  longitude: number;
  accuracy_km: number;
  asn: number;
  as_name: string;
  owner: string;
  /** Documentation has three /24 only: the story cuts them finer. */
  network: string;
};
type Net = Omit<Place, 'address'>;
type Who = { identity: CloudTrailRecord; agent: string; calls: string[]; more?: CloudTrailRecord };

export type Stolen = {
  records: CloudTrailRecord[];
  places: Place[];
  /** eventID → way of theft. */
  thefts: Map<string, string>;
  /** ARN of the caller → what innocently changed about it. */
  changes: Map<string, string>;
  days: number;
  /** End of the time in which nothing was stolen and nothing changed. */
  normalUntil: string;
};

const account = '111122223333';
const spots: Record<string, [number, number]> = {
  DE: [52.5, 13.4],
  FR: [48.9, 2.4],
  GB: [51.5, -0.1],
  ES: [40.4, -3.7],
  US: [40.7, -74],
  SG: [1.3, 103.8],
};
const net = (network: string, asn: number, country: string, as_name: string, owner = 'residential'): Net => {
  const [latitude, longitude] = spots[country]!;
  return { network, asn, country, as_name, owner, latitude, longitude, accuracy_km: 50 };
};
/** Numbers for documentation: RFC 5398. */
const office = [
  net('198.51.100.0/28', 64_496, 'DE', 'Example Office Berlin', 'other'),
  net('198.51.100.16/28', 64_497, 'FR', 'Example Office Paris', 'other'),
  net('198.51.100.32/28', 64_498, 'GB', 'Example Office London', 'other'),
  net('198.51.100.48/28', 64_499, 'ES', 'Example Office Madrid', 'other'),
];
const moved = net('198.51.100.64/28', 64_504, 'ES', 'Example Business Lines', 'other');
const companyVpn = net('198.51.100.80/28', 64_505, 'FR', 'Example VPN', 'vpn');
const oneselfVpn = net('198.51.100.96/28', 64_506, 'DE', 'Example Privacy VPN', 'vpn');
const runners = net('203.0.113.0/25', 64_508, 'US', 'Example Runners', 'cloud');
const newRunners = net('203.0.113.128/26', 64_509, 'US', 'Example Cloud Two', 'cloud');
const machines = net('192.0.2.0/25', 64_510, 'DE', 'Example Cloud', 'cloud');
const rented = net('192.0.2.128/26', 64_511, 'US', 'Example Hosting', 'hosting');
const sameCloud = net('192.0.2.192/27', 64_510, 'DE', 'Example Cloud', 'cloud');
const isps = ['DE', 'FR', 'GB', 'ES'].map((country, n) => [country, 65_536 + n] as const);

const reads = [
  's3 ListBuckets',
  'ec2 DescribeInstances',
  'sts GetCallerIdentity',
  's3 GetBucketLocation',
  'iam GetUser',
]
  .concat(['cloudwatch GetMetricData', 'logs DescribeLogGroups', 'lambda ListFunctions', 'ecs DescribeServices'])
  .concat(['rds DescribeDBInstances', 'sqs GetQueueAttributes', 'dynamodb DescribeTable', 'kms ListAliases']);
const writes = ['ecs UpdateService', 'lambda UpdateFunctionCode', 's3 PutBucketTagging', 'ec2 CreateTags'];
const looked = ['iam ListUsers', 'iam ListRoles', 'iam GetAccountAuthorizationDetails', 'secretsmanager ListSecrets']
  .concat(['ec2 DescribeRegions', 'ec2 DescribeVpcs', 'organizations DescribeOrganization', 'ssm DescribeParameters'])
  .concat(['ses GetSendQuota', 'cloudtrail DescribeTrails', 'guardduty ListDetectors', 'bedrock ListFoundationModels']);
const mac = (version: number): string => `aws-cli/2.15.${version} Python/3.11.8 Darwin/23.4.0 exe/x86_64`;
const boto = (version: number): string =>
  `Boto3/1.34.${version} md/Botocore#1.34.${version} ua/2.0 os/linux lang/python#3.12`;
const browser = (version: number): string =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;

/** mulberry32: the same numbers from the same seed. */
const dice = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { next, below, pick: <T>(items: readonly T[]): T => items[below(items.length)]! };
};

const session = (role: string, name: string, key: string, day: string, mfa: boolean): CloudTrailRecord => ({
  type: 'AssumedRole',
  principalId: `AROA${role.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()}:${name}`,
  arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
  accountId: account,
  accessKeyId: key,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: `AROA${role.replaceAll(/[^A-Za-z0-9]/g, '').toUpperCase()}`,
      arn: `arn:aws:iam::${account}:role/${role}`,
      accountId: account,
      userName: role,
    },
    attributes: { creationDate: day, mfaAuthenticated: String(mfa) },
  },
});
const four = (n: number): string => String(n).padStart(4, '0');

const days = 60;
const normalDays = 30;

export const stolenStory = (seed: number): Stolen => {
  const random = dice(seed);
  const records: CloudTrailRecord[] = [];
  const places = new Map<string, Place>();
  const thefts = new Map<string, string>();
  const changes = new Map<string, string>();
  const at = (day: number, minute: number): string =>
    new Date(Date.UTC(2026, 1, 1 + day) + Math.floor(minute * 60) * 1000).toISOString().replace('.000Z', 'Z');
  /** An address of the network: the same for the same n. */
  const host = (where: Net, n: number): string => {
    const [base = '', length = ''] = where.network.split('/');
    if (base.includes(':')) return `${base}${(n % 65_000).toString(16)}`;
    const octets = base.split('.');
    return [...octets.slice(0, 3), Number(octets[3]) + 1 + (n % (2 ** (32 - Number(length)) - 2))].join('.');
  };
  const call = (when: string, who: Who, where: Net, n: number, what: string, more: CloudTrailRecord = {}): string => {
    const address = host(where, n);
    places.set(address, { ...where, address });
    const [source, eventName = ''] = what.split(' ');
    const id = `00000000-0000-4000-8000-${String(records.length).padStart(12, '0')}`;
    records.push({
      eventVersion: '1.11',
      userIdentity: who.identity,
      eventTime: when,
      eventSource: `${source}.amazonaws.com`,
      eventName,
      awsRegion: 'eu-central-1',
      sourceIPAddress: address,
      userAgent: who.agent,
      requestParameters: null,
      responseElements: null,
      requestID: id.replace('00000000', '11111111'),
      eventID: id,
      readOnly: /^(Get|List|Describe)/.test(eventName),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
      ...who.more,
      ...more,
    });
    return id;
  };
  const denied = { errorCode: 'AccessDenied', errorMessage: 'not authorized to perform this action' };
  /** What a thief does: looks around from somewhere, on these days. */
  const steal = (
    kind: string,
    who: Who,
    where: Net,
    when: { from: number; days: number; minute: number; each: number; gap: number; denials?: number; host?: number },
    what: string[] = looked,
    more: CloudTrailRecord = {},
  ): void => {
    // No two thieves do as much, or begin with the same.
    const each = Math.max(1, Math.round(when.each * (0.5 + random.next())));
    const first = random.below(what.length);
    for (let day = 0; day < when.days; day++) {
      for (let i = 0; i < each; i++) {
        const refused = random.next() < (when.denials ?? 0) ? denied : {};
        const name = what[(first + day * each + i) % what.length]!;
        const time = at(when.from + day, when.minute + i * when.gap);
        thefts.set(call(time, who, where, when.host ?? 7, name, { ...more, ...refused }), kind);
      }
    }
  };

  // 120 people with keys: an office, and for two of five a home too. Addresses of IPv6 change each day.
  for (let p = 0; p < 120; p++) {
    const site = p % 4;
    const name = `person-${four(p)}`;
    const identity: CloudTrailRecord = {
      type: 'IAMUser',
      principalId: `AIDAPERSON${four(p)}EXAMPLE`,
      arn: `arn:aws:iam::${account}:user/${name}`,
      accountId: account,
      accessKeyId: `AKIAPERSON${four(p)}EXAMP`,
      userName: name,
    };
    const calls = [...reads.filter((_, i) => (i + p) % 3 !== 0), ...writes.filter((_, i) => (i + p) % 2 === 0)];
    const [country, asn] = isps[site]!;
    const prefix = (0x100 + p).toString(16);
    const home = net(`2001:db8:${prefix}::/48`, asn, country, `Example Line ${country}`);
    const otherHome = net(`2001:db8:${(0x300 + p).toString(16)}::/48`, asn + 4, country, `Example Fibre ${country}`);
    const homely = p % 5 < 2;
    const script = p % 6 === 5;
    const change =
      site === 3 && p > 20
        ? 'office move'
        : site === 1 && p > 20
          ? 'new VPN of the company'
          : p > 20 && p % 15 === 0
            ? 'travel'
            : p > 20 && p % 15 === 2 && homely
              ? 'new provider at home'
              : p > 20 && p % 20 === 8
                ? "VPN of one's own"
                : p > 20 && p % 15 === 12
                  ? 'another tool'
                  : p > 20 && p % 15 === 14
                    ? 'works at night'
                    : 'newer agent';
    changes.set(String(identity['arn']), change);
    const from = 33 + (p % 15);
    for (let day = 0; day < days; day++) {
      if ((day + 6) % 7 > 4) continue;
      const after = day >= from;
      const away = change === 'travel' && day > from && day < from + 6;
      if (change === 'travel' && day === from) continue;
      let agent = script ? boto(after ? 60 : 40) : mac(after ? 40 : 30);
      if (after && change === 'another tool') agent = script ? mac(40) : boto(60);
      const who = { identity, agent, calls };
      let place: [Net, number] = [office[site]!, p % 2];
      const start = after && change === 'works at night' && day % 4 === 0 ? 22 * 60 : 8 * 60 + (p % 3) * 30;
      for (let i = 0; i < 5; i++) {
        const minute = start + (i * 110 + random.below(50)) * (start > 1000 ? 0.2 : 1);
        let where: Net = office[site]!;
        let n = p % 2;
        if (homely && day % 3 === 1) [where, n] = [home, day * 97 + p];
        if (away) [where, n] = [net('2001:db8:900::/48', 65_550, p % 2 ? 'US' : 'GB', 'Example Hotels'), day * 31 + p];
        else if (after && day >= 40 && change === 'office move' && where !== home) where = moved;
        else if (after && day >= 40 && change === 'new VPN of the company') where = companyVpn;
        else if (after && change === 'new provider at home' && where === home) where = otherHome;
        else if (after && change === "VPN of one's own" && day % 3 === 0) where = oneselfVpn;
        place = [where, n];
        call(at(day, minute), who, where, n, random.pick(calls));
      }
      // Now and then somebody does what they never did, from wherever they are that day.
      if (after && random.next() < 0.05) call(at(day, start + 60), who, ...place, random.pick(looked));
    }
    const stolen: Who = { identity, agent: boto(99), calls };
    const own: Who = { identity, agent: script ? boto(40) : mac(30), calls };
    const night = { minute: 120, gap: 1.5 };
    if (p === 4)
      steal('other country', stolen, net('2001:db8:a00::/48', 65_548, 'SG', 'Example Far'), {
        from: 44,
        days: 1,
        each: 20,
        ...night,
      });
    if (p === 5)
      steal('same country, other provider', stolen, net('2001:db8:a01::/48', 65_549, 'FR', 'Example Cable'), {
        from: 45,
        days: 2,
        each: 10,
        minute: 620,
        gap: 4,
      });
    if (p === 6)
      steal(
        'cloud machine in the same region',
        { ...stolen, agent: mac(30).replace('Darwin/23.4.0', 'Linux/6.1') },
        sameCloud,
        { from: 46, days: 1, each: 15, minute: 700, gap: 2 },
      );
    if (p === 8)
      steal(
        "on the owner's VPN, same tools",
        own,
        office[0]!,
        { from: 47, days: 2, host: 0, each: 4, minute: 600, gap: 20 },
        calls,
      );
    if (p === 9)
      steal('slow and low', stolen, net('2001:db8:a02::/48', 65_549, 'FR', 'Example Cable'), {
        from: 35,
        days: 20,
        each: 1,
        minute: 200,
        gap: 1,
      });
    if (p === 10)
      steal('burst', { ...stolen, agent: own.agent }, net('2001:db8:a03::/48', 65_538, 'GB', 'Example Line GB'), {
        from: 48,
        days: 1,
        each: 200,
        minute: 660,
        gap: 0.03,
        denials: 0.6,
      });
    if (p === 12)
      steal(
        'new region only',
        own,
        office[0]!,
        { from: 49, days: 1, host: 0, each: 5, minute: 640, gap: 5 },
        ['ec2 RunInstances', 'ec2 DescribeInstances', 'ec2 CreateSecurityGroup'],
        { awsRegion: 'ap-southeast-3' },
      );
  }

  // 30 people at the console by way of Identity Center.
  for (let p = 0; p < 30; p++) {
    const name = `console-${four(p)}@example.com`;
    const role = `AWSReservedSSO_Admin_${four(p % 3)}`;
    const more = { sessionCredentialFromConsole: 'true', tlsDetails: undefined };
    changes.set(`arn:aws:sts::${account}:assumed-role/${role}/${name}`, 'newer browser');
    for (let day = 0; day < days; day++) {
      if ((day + 6) % 7 > 4) continue;
      const identity = session(role, name, `ASIACONS${four(p)}${four(day)}EXAM`, at(day, 470), true);
      const who = { identity, agent: browser(day < 35 ? 120 : 124), calls: reads, more };
      for (let i = 0; i < 5; i++)
        call(at(day, 480 + i * 100 + random.below(60)), who, office[p % 4]!, 2, random.pick(reads));
      if (p === 7 && day === 50)
        steal(
          'console replay',
          { identity, agent: boto(99), calls: reads, more: { sessionCredentialFromConsole: 'true' } },
          rented,
          { from: 50, days: 1, each: 12, minute: 600, gap: 2 },
        );
    }
  }

  // 25 machines, at work day and night.
  for (let m = 0; m < 25; m++) {
    const name = `i-0${four(m)}aaaabbbbcccc`;
    const role = `web-fleet-${m % 5}`;
    const more = (delivery: string): CloudTrailRecord => ({ ec2RoleDelivery: delivery });
    changes.set(
      `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
      m % 5 === 1 ? 'new address of a machine' : 'none',
    );
    for (let day = 0; day < days; day++) {
      const key = `ASIAMACH${four(m)}${four(day)}EXAM`;
      const plain = session(role, name, key, at(day, 1), false);
      const of = (delivery: string): CloudTrailRecord => ({
        ...plain,
        sessionContext: { ...(plain['sessionContext'] as CloudTrailRecord), ...more(delivery) },
      });
      const who = { identity: of('2.0'), agent: boto(40), calls: reads };
      for (let i = 0; i < 6; i++)
        call(
          at(day, 20 + i * 230 + random.below(60)),
          who,
          machines,
          m % 5 === 1 && day > 41 ? m + 60 : m,
          reads[(m + i) % 3]!,
        );
      if (m === 3 && day === 51)
        steal('instance role', { identity: of('1.0'), agent: mac(30), calls: reads }, rented, {
          from: 51,
          days: 1,
          each: 12,
          minute: 600,
          gap: 3,
        });
    }
  }

  // 25 pipelines: a token, a role, a runner that is another each time.
  for (let c = 0; c < 25; c++) {
    const role = `deploy-${four(c)}`;
    for (let day = 0; day < days; day++) {
      const name = `run-${day}-${c}`;
      const key = `ASIAPIPE${four(c)}${four(day)}EXAM`;
      changes.set(`arn:aws:sts::${account}:assumed-role/${role}/${name}`, c % 2 && day > 38 ? 'new runners' : 'none');
      const where = c % 2 && day > 38 ? newRunners : runners;
      const n = random.below(60);
      const web = {
        identity: {
          type: 'WebIdentityUser',
          principalId: `token.actions.example.com:sub:repo:example/${role}`,
          userName: `repo:example/${role}`,
          identityProvider: 'token.actions.example.com',
        },
        agent: 'aws-credentials-for-github-actions',
        calls: [],
      };
      const minute = 300 + random.below(600);
      call(at(day, minute), web, where, n, 'sts AssumeRoleWithWebIdentity', {
        requestParameters: { roleArn: `arn:aws:iam::${account}:role/${role}`, roleSessionName: name },
        responseElements: {
          credentials: { accessKeyId: key, expiration: at(day, minute + 60) },
          assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}` },
        },
      });
      const identity = session(role, name, key, at(day, minute), false);
      for (let i = 0; i < 4; i++)
        call(at(day, minute + 1 + i * 2), { identity, agent: boto(40), calls: writes }, where, n, writes[i]!);
      if (c === 6 && day === 52)
        steal('CI token', { identity, agent: boto(40), calls: writes }, rented, {
          from: 52,
          days: 1,
          each: 12,
          minute: minute + 15,
          gap: 2,
        });
    }
  }
  return { records, places: [...places.values()], thefts, changes, days, normalUntil: at(normalDays, 0) };
};
