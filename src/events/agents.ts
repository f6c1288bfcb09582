/** Parses each distinct user agent once: which tool it says it is. An agent is the caller's to choose and proves nothing. */
import type { Database } from '../database.ts';

type AgentKind = 'cli' | 'sdk' | 'iac' | 'browser' | 'console' | 'service' | 'tool' | 'other';

/** First match wins: wrappers (Terraform, the CLI) before the SDKs they carry. The first group is the version. */
const families: [RegExp, string, AgentKind][] = [
  [/stratus-red-team/i, 'stratus-red-team', 'tool'],
  [/TruffleHog/i, 'trufflehog', 'tool'],
  [/\bpacu\b/i, 'pacu', 'tool'],
  [/(?:HashiCorp )?Terraform\/([\w.+-]+)/i, 'terraform', 'iac'],
  [/OpenTofu\/([\w.+-]+)/i, 'opentofu', 'iac'],
  [/Pulumi\/?([\w.+-]*)/i, 'pulumi', 'iac'],
  [/\bansible\/?([\w.+-]*)/i, 'ansible', 'iac'],
  [/^cloudformation\.amazonaws\.com/, 'cloudformation', 'iac'],
  [/\baws-cdk\/?([\w.+-]*)/i, 'aws-cdk', 'iac'],
  [/S3 Browser\/?([\w.+-]*)/i, 's3-browser', 'tool'],
  [/Cyberduck\/([\w.+-]+)/i, 'cyberduck', 'tool'],
  [/rclone\/v?([\w.+-]+)/i, 'rclone', 'tool'],
  [/aws-cli\/([\w.+-]+)/i, 'aws-cli', 'cli'],
  [/AWSPowerShell[\w.]*\/([\w.+-]+)/i, 'aws-powershell', 'cli'],
  [/CloudShell/i, 'cloudshell', 'cli'],
  [/\beksctl\/?([\w.+-]*)/i, 'eksctl', 'cli'],
  [/\bboto3\/([\w.+-]+)/i, 'boto3', 'sdk'],
  [/\bbotocore\/([\w.+-]+)/i, 'botocore', 'sdk'],
  [/aws-sdk-go(?:-v2)?\/v?([\w.+-]+)/i, 'aws-sdk-go', 'sdk'],
  [/aws-sdk-js\/([\w.+-]+)|aws-sdk-nodejs\/([\w.+-]+)/i, 'aws-sdk-js', 'sdk'],
  [/aws-sdk-java\/([\w.+-]+)/i, 'aws-sdk-java', 'sdk'],
  [/aws-sdk-rust\/([\w.+-]+)/i, 'aws-sdk-rust', 'sdk'],
  [/aws-sdk-(?:dotnet[\w-]*|net)\/([\w.+-]+)/i, 'aws-sdk-dotnet', 'sdk'],
  [/aws-sdk-(?:ruby\d?|php|cpp|kotlin|swift)\/([\w.+-]+)/i, 'aws-sdk', 'sdk'],
  [
    /^\[?S3Console|^console\.amazonaws\.com|^signin\.amazonaws\.com|aws-internal\/3|AWSConsole/i,
    'aws-console',
    'console',
  ],
  [/^[\w.-]+\.amazonaws\.com$|^AWS Internal|^AWS Signin|aws-internal\//, 'aws-service', 'service'],
  [/^\[?Mozilla\/.*(?:Firefox|Edg|Chrome|Safari)\/([\w.]+)/, 'browser', 'browser'],
  [/^Mozilla\//, 'browser', 'browser'],
  [/\bcurl\/([\w.+-]+)/i, 'curl', 'tool'],
  [/python-(?:requests|urllib3?)\/([\w.+-]+)/i, 'python-requests', 'tool'],
];

/** S3 wraps agents in brackets: `[aws-cli/…]`. Only the first 2,000 characters are looked at. */
const parseAgent = (userAgent: string): { family: string; version: string | null; kind: AgentKind } => {
  const text = userAgent.slice(0, 2000).replace(/^\[(.*)\]$/s, '$1');
  for (const [pattern, family, kind] of families) {
    const match = pattern.exec(text);
    if (match) return { family, version: match.slice(1).find(Boolean) ?? null, kind };
  }
  return { family: 'other', version: null, kind: 'other' };
};

/** Fills `agents`. */
export const describeAgents = async (db: Database): Promise<void> => {
  const fresh = await db.rows<{ user_agent: string }>(
    `SELECT DISTINCT user_agent FROM events WHERE user_agent IS NOT NULL AND user_agent NOT IN (SELECT user_agent FROM agents) ORDER BY user_agent`,
  );
  await db.insert(
    'agents',
    fresh.map(({ user_agent }) => ({ user_agent, ...parseAgent(user_agent) })),
  );
};
