/** What `trailscope rules new` writes: a rule that passes the linter, and a fixture that proves it. */

export const firstRule = (
  name: string,
): string => `-- title: ${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}
-- severity: medium
-- category: persistence
-- attack: {v18: [T1098], v19: [T1098]}
-- covers: []
-- why: Say why an analyst should care.
-- misses: Say what this rule does not see.
-- params:
--   calls: {type: integer, default: 1, about: "Calls by one principal from which it is told."}
SELECT
  array_agg(event_id ORDER BY event_time, event_id) AS event_ids,
  coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller') AS subject,
  'Budgets were deleted: ' || count(*) AS summary,
  CASE WHEN bool_and(invoked_by IS NOT NULL) THEN 'low' ELSE 'medium' END AS severity
FROM scope_events
WHERE event_source = 'budgets.amazonaws.com' AND event_name = 'DeleteBudget'
GROUP BY coalesce(session_issuer_arn, identity_arn, account_id, 'an unknown caller')
HAVING count(*) >= $calls::INTEGER
ORDER BY min(event_time), subject
`;

const arn = 'arn:aws:iam::111122223333:user/ci-deployer';

const record = (n: number, eventName: string) => ({
  eventVersion: '1.11',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDACKCEVSQ6C2EXAMPLE',
    arn,
    accountId: '111122223333',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    userName: 'ci-deployer',
  },
  eventTime: `2026-03-25T02:00:0${n}Z`,
  eventSource: 'budgets.amazonaws.com',
  eventName,
  awsRegion: 'us-east-1',
  sourceIPAddress: '198.51.100.23',
  userAgent: 'aws-cli/2.15.30',
  requestParameters: { budgetName: 'monthly' },
  responseElements: null,
  requestID: `11111111-0000-4000-8000-00000000000${n}`,
  eventID: `00000000-0000-4000-8000-00000000000${n}`,
  readOnly: eventName.startsWith('Describe'),
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '111122223333',
  eventCategory: 'Management',
});

export const firstFixture = (): string => {
  const cases = [
    {
      name: 'a budget is deleted',
      events: [record(1, 'DeleteBudget')],
      expect: [{ subject: arn, severity: 'medium', outcome: 'success', summary: 'Budgets were deleted: 1' }],
    },
    { name: 'a look at the budgets', events: [record(1, 'DescribeBudgets')], expect: [] },
  ];
  return `${JSON.stringify({ cases }, null, 2)}\n`;
};
