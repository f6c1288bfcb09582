/** Operators: who stands behind the use of one key, by truths told by hand; and that nobody's side is forced. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe as about, expect, it } from 'vitest';
import { readKnownGood } from '../src/rules/known-good-file.ts';
import { away, boto, eightDays, linux, mac, newerMac, office, type Place, told } from './operators-story.ts';
import { scratch } from './support.ts';

const owner = { day: 25, hour: 9, address: office, agent: mac, who: 'owner', times: 4 };
const thief = { day: 25, hour: 2, address: away, agent: boto, who: 'thief', times: 5 };

about('with use before the window to compare with', () => {
  it('an owner at the office and a thief abroad are two, and each is called what he is', async () => {
    const { lines, operators } = await told([...eightDays(), owner, thief], {
      places: [
        { address: office, country: 'DE', asn: 64_496 },
        { address: away, country: 'SG', asn: 64_500 },
      ],
    });
    expect(lines).toEqual(['owner: A owner 4', 'thief: B actor 5']);
    const [a, b] = operators.list;
    expect(a!.why[0]).toBe('Known good: address and kind of agent as before the window (4 events).');
    expect(b!.why).toEqual([
      'Unlike the use before: network and agent never used before (5 events).',
      'From 198.51.100.0/24: AS64500, SG; 1 address.',
      'With boto3/1.34.99.',
      '2026-03-25 02:00:00 to 2026-03-25 02:01:20: at work in 1 hour on 1 day, in the hours 02 of UTC.',
      '1 different call, most often s3:ListBuckets (5); others make all of them too.',
      'Shares 1 credential with A; never in the same hour as A.',
    ]);
  });

  it('a thief on the owner’s VPN with another tool is set apart, the network they share is named, and no side is told', async () => {
    const { lines, operators } = await told([...eightDays(), owner, { ...thief, address: office }]);
    expect(lines).toEqual(['owner: A owner 4', 'thief: B undetermined 5']);
    expect(operators.list[1]!.why.join(' ')).toContain('Shares 1 credential and the address 192.0.2.10 with A');
    expect(operators.shared_addresses).toEqual([
      { address: office, operators: ['A', 'B'], undetermined: false, other_identities: 0, events: 9 },
    ]);
  });

  it('a thief with the same version of the agent on a rented machine is no owner', async () => {
    const places = [
      { address: office, country: 'DE', asn: 64_496 },
      { address: away, country: 'DE', asn: 64_510, owner: 'cloud' },
    ];
    expect((await told([...eightDays(), owner, { ...thief, agent: mac }], { places })).lines).toEqual([
      'owner: A owner 4',
      'thief: B undetermined 5',
    ]);
    expect((await told([...eightDays(), owner, { ...thief, agent: linux }], { places })).lines).toEqual([
      'owner: A owner 4',
      'thief: B actor 5',
    ]);
  });

  it('the same agent from a new network is the actor’s once it does what was never done before', async () => {
    const calls = ['iam ListUsers', 'iam ListRoles', 'organizations DescribeOrganization'];
    const looks = calls.map((call, i) => ({ ...thief, agent: mac, hour: 9 + i / 10, call, times: 1 }));
    expect((await told([...eightDays(), ...looks])).lines).toEqual(['thief: A actor 3']);
    expect((await told([...eightDays(), ...looks.slice(1)])).lines).toEqual(['thief: A undetermined 2']);
  });

  it('an owner with another provider and a newer version of the agent is not taken for a thief', async () => {
    const home = { ...owner, day: 26, address: '203.0.113.9', agent: newerMac };
    const { lines, reasons } = await told([...eightDays(), owner, home]);
    expect(lines).toEqual(['owner: A owner 4', 'owner: B undetermined 4']);
    expect(reasons).toContain('network never used before, with another version of an agent used before');
    const calls = ['iam ListUsers', 'iam ListRoles', 'organizations DescribeOrganization'];
    const looks = calls.map((call, i) => ({ ...home, who: 'thief', hour: 9 + i / 10, call, times: 1 }));
    expect((await told([...eightDays(), ...looks])).lines).toEqual(['thief: A actor 3']);
    const other = await told([...eightDays(), { ...home, agent: linux, who: 'thief' }]);
    expect([other.lines, other.reasons]).toEqual([
      ['thief: A actor 4'],
      ['network never used before, with an agent used before on another system'],
    ]);
    const rented = await told([...eightDays(), home], { places: [{ address: home.address, owner: 'hosting' }] });
    expect(rented.reasons).toEqual([
      'network of rented machines never used before, with another version of an agent used before',
    ]);
  });

  it('an address that the owner always shared is called shared, and brings nobody into scope', async () => {
    const colleague = {
      ...owner,
      who: 'colleague',
      more: {
        userIdentity: {
          type: 'IAMUser',
          principalId: 'AIDACOLLEAGUEEXAMPLE',
          arn: 'arn:aws:iam::111122223333:user/colleague',
          accountId: '111122223333',
          accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
        },
      },
    };
    const look = { ...owner, who: 'thief', call: 'secretsmanager GetSecretValue', times: 1 };
    const { lines, operators } = await told([...eightDays(), owner, look, colleague]);
    expect(lines).toEqual(['owner: A owner 4', 'thief: A owner 1']);
    expect(operators.shared_addresses).toEqual([
      { address: office, operators: ['A'], undetermined: false, other_identities: 1, events: 5 },
    ]);
    expect(operators.list[0]!.why.at(-1)).toBe(
      'Shares addresses with identities out of scope, which they do not enter by that: 192.0.2.10 by 1.',
    );
  });

  it('an owner who travels is not taken for a thief, and not for himself either', async () => {
    const hotel = { ...owner, day: 27, address: '203.0.113.9' };
    expect((await told([...eightDays(), owner, hotel, { ...owner, day: 30 }])).lines).toEqual([
      'owner: A owner 8',
      'owner: B undetermined 4',
    ]);
  });

  it('in two countries at once only one of them can be the owner', async () => {
    const both = [owner, { ...thief, agent: mac, hour: 9 }];
    const places = [
      { address: office, country: 'DE' },
      { address: away, country: 'SG' },
    ];
    expect((await told([...eightDays(), ...both], { places })).lines).toEqual(['owner: A owner 4', 'thief: B actor 5']);
    // A VPN or a rented machine may stand between.
    places[1] = { ...places[1]!, ...{ owner: 'vpn' } };
    expect((await told([...eightDays(), ...both], { places })).lines).toEqual([
      'owner: A owner 4',
      'thief: B undetermined 5',
    ]);
  });

  it('an address of IPv6 that changes each day is one owner’s', async () => {
    const temporary = (day: number) => ({ ...owner, day, hour: 9, address: `2001:db8:5::${day}:77`, times: 2 });
    const before = [10, 11, 12, 13, 16, 17].map(temporary);
    expect((await told([...before, ...[25, 26, 27].map(temporary)])).lines).toEqual(['owner: A owner 6']);
    expect((await told([...before, { ...temporary(26), agent: newerMac }])).lines).toEqual(['owner: A owner 2']);
    expect((await told([...before, { ...temporary(26), agent: boto }])).lines).toEqual(['owner: A undetermined 2']);
  });

  it('runners whose addresses change within their networks are one owner', async () => {
    const runner = (day: number) => ({ ...owner, day, address: `203.0.113.${day * 3}`, agent: boto, times: 1 });
    const places = [{ address: '203.0.113.%', asn: 64_508, owner: 'cloud' }];
    const before = Array.from({ length: 12 }, (_, i) => runner(5 + i));
    expect((await told([...before, runner(25), runner(26), runner(28)], { places })).lines).toEqual([
      'owner: A owner 3',
    ]);
    // One address of a cloud's network says nothing of its neighbours.
    const fixed = before.map((use) => ({ ...use, address: '203.0.113.5' }));
    expect((await told([...fixed, runner(25)], { places })).lines).toEqual(['owner: A undetermined 1']);
  });

  it('an owner’s new version of the agent follows the old one', async () => {
    const upgraded = { ...owner, day: 26, agent: newerMac };
    expect((await told([...eightDays(), owner, upgraded, { ...upgraded, day: 27 }])).lines).toEqual([
      'owner: A owner 12',
    ]);
  });

  it('two versions that take turns behind one address cannot be told apart: both are undetermined', async () => {
    const upgraded = { ...owner, day: 26, agent: newerMac };
    const late = { ...owner, day: 27, who: 'thief', times: 2 };
    const { lines, operators } = await told([...eightDays(), owner, upgraded, late, { ...upgraded, day: 28 }]);
    expect(lines).toEqual(['owner: A owner 8', 'owner: none undetermined 4', 'thief: none undetermined 2']);
    expect(operators.undetermined).toEqual({
      events: 6,
      reasons: [
        { reason: 'address and kind of agent as before, while two versions of it took turns there', events: 6 },
      ],
    });
  });

  it.each([
    ['a region never used before', [{ region: 'ap-southeast-3' }]],
    [
      'three calls never made before',
      [{ call: 'iam ListUsers' }, { call: 'iam ListRoles' }, { call: 'ec2 RunInstances' }],
    ],
    ['hours never used before', [{ hour: 23 }]],
  ])('behind one NAT with the same agent the day with %s is undetermined, not forced', async (_what, odd) => {
    const before = [
      ...eightDays(),
      ...eightDays()
        .slice(0, 3)
        .map((use) => ({ ...use, day: use.day + 9 })),
    ];
    const day = odd.map((use, i) => ({ ...owner, day: 26, hour: 10 + i / 10, who: 'thief', times: 1, ...use }));
    const { lines } = await told([...before, owner, ...day, { ...owner, day: 27 }]);
    expect(lines).toEqual(['owner: A owner 8', `thief: none undetermined ${day.length}`]);
  });
});

about('with nothing to compare with', () => {
  it('two places with other agents are two operators, and neither is called owner', async () => {
    const { lines, operators } = await told([owner, { ...thief, hour: 9 }], { start: null });
    expect(lines).toEqual(['owner: A undetermined 4', 'thief: B undetermined 5']);
    expect(operators.list[0]!.why.join(' ')).toContain('at work at the same time as B, taking turns, in 1 hour');
  });

  it('one agent that moves from place to place is one operator; after a pause of days, or in two countries at once, it is two', async () => {
    const moved = { ...owner, day: 26, address: away };
    expect((await told([owner, moved], { start: null })).lines).toEqual(['owner: A undetermined 8']);
    expect((await told([owner, { ...moved, day: 30 }], { start: null })).lines).toEqual([
      'owner: A undetermined 4',
      'owner: B undetermined 4',
    ]);
    const places = [
      { address: office, country: 'DE' },
      { address: away, country: 'SG' },
    ];
    expect((await told([owner, { ...moved, day: 25 }], { start: null, places })).lines).toEqual([
      'owner: A undetermined 4',
      'owner: B undetermined 4',
    ]);
  });

  it('one agent in places so far apart that no aircraft flies between them in time is two operators', async () => {
    const turns = [0, 1, 2, 3].flatMap((hour) => [
      { ...owner, hour: 9 + hour, times: 1 },
      { ...owner, hour: 9.4 + hour, times: 1, address: away, who: 'thief' },
    ]);
    const places: Place[] = [
      { address: office, country: 'NL', at: [52.37, 4.9] },
      { address: away, country: 'BR', at: [-23.55, -46.63] },
    ];
    expect((await told(turns, { start: null, places })).lines).toEqual([
      'owner: A undetermined 4',
      'thief: B undetermined 4',
    ]);
    const near = [places[0]!, { ...places[1]!, country: 'BE', at: [50.85, 4.35] as [number, number] }];
    expect((await told(turns, { start: null, places: near })).lines).toEqual([
      'owner: A undetermined 4',
      'thief: A undetermined 4',
    ]);
    const slow = [turns[0]!, { ...turns[1]!, hour: 23.9 }];
    expect((await told(slow, { start: null, places })).lines).toEqual([
      'owner: A undetermined 1',
      'thief: A undetermined 1',
    ]);
  });

  it('the same agent behind one NAT is one operator whose side is not told', async () => {
    const { lines } = await told([owner, { ...thief, address: office, agent: mac }], { start: null });
    expect(lines).toEqual(['owner: A undetermined 4', 'thief: A undetermined 5']);
  });

  it('only the known-good file names an owner', async () => {
    const file = join(scratch(), 'known-good.yaml');
    writeFileSync(
      file,
      'entries:\n  - label: office\n    reason: Office of the platform team\n    addresses: [192.0.2.0/24]\n',
    );
    const known = readKnownGood(file);
    const { lines, operators } = await told([thief, owner], { start: null, known });
    expect(lines).toEqual(['owner: A owner 4', 'thief: B undetermined 5']);
    expect(operators.list[0]!.why[0]).toBe(
      'Known good: address that the known-good file names (4 events); in the known-good file: office.',
    );
    const against = await told([...eightDays(), owner, { ...thief, address: '192.0.2.77' }], { known });
    expect(against.lines).toEqual(['owner: A owner 4', 'thief: B undetermined 5']);
    // What the file says of an address never used before holds for what was done before, and for no more.
    const desk = { ...owner, day: 26, address: '192.0.2.77', agent: newerMac };
    const named = 'address that the known-good file names and that was never used before';
    const before = eightDays({ address: away });
    const same = await told([...before, desk], { known });
    expect([same.lines, same.reasons]).toEqual([['owner: A owner 4'], [`${named}, with a kind of agent used before`]]);
    const open = { ...desk, who: 'thief', call: 'iam CreateUser', times: 1 };
    const odd = await told([...before, open], { known });
    expect([odd.lines, odd.reasons]).toEqual([
      ['thief: none undetermined 1'],
      [`${named}, on a day with calls never made before`],
    ]);
  });
});

it('what AWS services alone did is nobody’s', async () => {
  const service = { ...thief, address: 'kms.amazonaws.com', agent: 'kms.amazonaws.com', who: 'service' };
  const { lines, operators } = await told([service]);
  expect(lines).toEqual(['service: none undetermined 5']);
  expect(operators).toMatchObject({ list: [], undetermined: { events: 5 } });
});

it('what AWS services did for a key that one operator alone used is that one’s', async () => {
  const service = { ...thief, address: 'kms.amazonaws.com', agent: 'kms.amazonaws.com', who: 'service', times: 2 };
  expect((await told([...eightDays(), thief, service])).lines).toEqual(['service: A actor 2', 'thief: A actor 5']);
  expect((await told([...eightDays(), thief, owner, service])).lines).toContain('service: none undetermined 2');
});

it.each([
  ['redacted', 'HIDDEN_DUE_TO_SECURITY_REASONS'],
  ['with a port', '192.0.2.10:443'],
  ['with leading zeros', '192.000.002.010'],
  ['empty', ''],
])(
  'what came from a source that is %s is nobody’s, whoever else used the key, and no service’s',
  async (_what, address) => {
    const hidden = { ...thief, address };
    const { lines, operators, reasons } = await told([
      ...eightDays(),
      owner,
      hidden,
      { ...owner, address, who: 'hidden owner' },
    ]);
    expect(lines).toEqual(['hidden owner: none undetermined 4', 'owner: A owner 4', 'thief: none undetermined 5']);
    expect(reasons).toContain('source that cannot be placed, with a kind of agent never used before');
    expect(reasons).toContain('source that cannot be placed, with a kind of agent used before');
    expect(operators.shared_addresses).toEqual([]);
    const without = await told([...eightDays(), thief, { ...owner, address, who: 'hidden owner' }]);
    expect(without.lines).toEqual(['hidden owner: none undetermined 4', 'thief: A actor 5']);
  },
);

it('without a source, and nothing to compare with, no side and no operator is told', async () => {
  const { lines, reasons } = await told([{ ...owner, more: { sourceIPAddress: undefined } }], { start: null });
  expect([lines, reasons]).toEqual([['owner: none undetermined 4'], ['source that cannot be placed']]);
});
