/** Parts that the made-up calls share: ids, names, filters, parameters. */
export const none = () => null;
export const bucket = (r) =>
  `${r.pick(['assets', 'logs', 'orders', 'backups', 'terraform-state'])}-${r.below(4)}-example`;
export const ids = (prefix) => (r) => `${prefix}-0${r.hex(16)}`;
export const [vpc, subnet, group, instance, volume, snapshot, image, network] = [
  'vpc',
  'subnet',
  'sg',
  'i',
  'vol',
  'snap',
  'ami',
  'eni',
].map(ids);
export const keyArn = (r, c) => `arn:aws:kms:${c.region}:${c.account}:key/${r.hex(8)}-0000-4000-8000-${r.hex(12)}`;
export const roleArn = (r, c) =>
  `arn:aws:iam::${c.account}:role/${r.pick(['web-fleet-instance', 'orders-function', 'terraform-deploy', 'posture-scanner'])}`;
export const userName = (r) => `${r.pick(['svc', 'dev', 'ops'])}-${r.below(60)}`;
export const tags = (r) => ({
  items: [
    { key: 'Name', value: `web-${r.below(900)}` },
    { key: 'Team', value: r.pick(['orders', 'web', 'data']) },
  ],
});
export const kmsKey = (r, c) => [{ accountId: c.account, type: 'AWS::KMS::Key', ARN: keyArn(r, c) }];
export const filters = (name, value) => (r) => ({
  filterSet: { items: [{ name, valueSet: { items: [{ value: value(r) }] } }] },
});
export const oneSet = (set, key, id) => (r) => ({ [set]: { items: [{ [key]: id(r) }] }, filterSet: {} });
export const s3 = (r, c, more) => {
  const name = bucket(r);
  return { bucketName: name, Host: `${name}.s3.${c.region}.amazonaws.com`, ...more };
};
export const instanceItem = (r, c) => ({
  instanceId: instance(r),
  imageId: image(r),
  instanceState: { code: 0, name: 'pending' },
  privateDnsName: `ip-10-0-12-${r.below(250)}.${c.region}.compute.internal`,
  amiLaunchIndex: 0,
  instanceType: 'm6i.large',
  placement: { availabilityZone: `${c.region}a`, tenancy: 'default' },
  monitoring: { state: 'disabled' },
  subnetId: subnet(r),
  vpcId: vpc(r),
  privateIpAddress: `10.0.12.${r.below(250)}`,
  groupSet: { items: [{ groupId: group(r), groupName: 'web' }] },
  architecture: 'x86_64',
  rootDeviceType: 'ebs',
  networkInterfaceSet: { items: [{ networkInterfaceId: network(r), status: 'in-use', sourceDestCheck: true }] },
  tagSet: tags(r),
  metadataOptions: { state: 'pending', httpTokens: 'required', httpPutResponseHopLimit: 2, httpEndpoint: 'enabled' },
});
export const permission = (r, open) => ({
  groupId: group(r),
  ipPermissions: {
    items: [
      {
        ipProtocol: 'tcp',
        fromPort: open ? 22 : 443,
        toPort: open ? 22 : 443,
        groups: {},
        prefixListIds: {},
        ipv6Ranges: {},
        ipRanges: { items: [{ cidrIp: open ? '0.0.0.0/0' : `10.0.${r.below(250)}.0/24` }] },
      },
    ],
  },
});
