/** All of some work in the case, or none of it; and one wait for the disk instead of one a statement. */

export const inTransaction = async <T>(
  connection: { run(sql: string): Promise<unknown> },
  work: () => Promise<T>,
): Promise<T> => {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
};
