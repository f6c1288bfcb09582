/** Whom an ARN names: a user, a role, the root, a federated user. */

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
export const userOf = (arn: string | null): string | null => (arn?.includes(':user/') ? lastPart(arn) : null);
export const roleOf = (arn: string | null): string | null =>
  arn?.includes(':assumed-role/') ? (arn.split('/')[1] ?? null) : arn?.includes(':role/') ? lastPart(arn) : null;
/** Made by Identity Center, which alone may change it. */
export const isPermissionSet = (arn: string | null): boolean => roleOf(arn)?.startsWith('AWSReservedSSO_') ?? false;
export const isRoot = (arn: string | null): boolean => arn?.endsWith(':root') ?? false;
export const isFederated = (arn: string | null): boolean => arn?.includes(':federated-user/') ?? false;
