// DuckDB. It has no paths of its own: what takes them is a recursive query, or
// joins. It is asked with one thread.
import path from 'node:path';

import * as protocol from './protocol.mjs';

// Recursion goes on level by level, whatever is asked of it; so it is told when
// to stop.
const SHORTEST = `
  WITH RECURSIVE near(id, depth) AS (
    SELECT $1::BIGINT, 0
    UNION
    SELECT r.object, near.depth + 1
    FROM near JOIN relationship r ON r.subject = near.id
    WHERE near.depth < 20
      AND NOT EXISTS (SELECT 1 FROM near WHERE id = $2::BIGINT))
  SELECT min(depth) FROM near WHERE id = $2::BIGINT`;

const { DuckDBInstance } = protocol.load('@duckdb/node-api');
const file = path.join(protocol.ownFolder('duckdb'), 'graph.duckdb');
const instance = await DuckDBInstance.create(file, { threads: '1' });
const connection = await instance.connect();

async function run(statement, parameters) {
  statement.bind(parameters.map(BigInt));
  const timer = setTimeout(() => connection.interrupt(),
                           protocol.questionLimitMs);
  try {
    return await statement.runAndReadAll();
  } finally {
    clearTimeout(timer);
  }
}

function numbered(row) {
  return { ...row, year: Number(row.year), type: Number(row.type),
           weight: Number(row.weight) };
}

const asks = {};
const statements = protocol.readStatements('questions.sql');
statements.set('shortest', SHORTEST);
for (const [question, text] of statements) {
  let statement = null;
  asks[question] = async (...entities) => {
    statement = statement || await connection.prepare(text);
    const found = await run(statement, entities);
    if (question === 'one_hop') {
      return protocol.sumUp(found.getRowObjects().map(numbered));
    }
    return found.getRows()[0].map((value) => (value === null ? -1 : value));
  };
}

await protocol.serve({
  version: protocol.versionOf('@duckdb/node-api'),
  asks,
  async load() {
    for (const table of ['entity', 'relationship']) {
      const csv = table === 'entity' ? protocol.entitiesCsv
          : protocol.relationshipsCsv;
      await connection.run(
          `CREATE TABLE ${table} AS SELECT * FROM read_csv('${csv}')`);
    }
    await connection.run('CREATE INDEX entity_id ON entity(id)');
    await connection.run('CREATE INDEX outgoing ON relationship(subject)');
    await connection.run('CREATE INDEX incoming ON relationship(object)');
    await connection.run('ANALYZE');
  },
});
