// SQLite, by better-sqlite3. It has no paths of its own: what takes them is a
// recursive query, or joins.
import path from 'node:path';

import * as protocol from './protocol.mjs';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE entity(id INTEGER PRIMARY KEY, key TEXT, kind TEXT,
                      year INTEGER);
  CREATE TABLE relationship(id INTEGER PRIMARY KEY, subject INTEGER,
                            object INTEGER, type INTEGER, weight INTEGER);`;

// Each holds all that is asked of a relationship.
const INDEXES = `
  CREATE INDEX outgoing ON relationship(subject, type, object, weight);
  CREATE INDEX incoming ON relationship(object, type, subject, weight);
  ANALYZE;`;

const Database = protocol.load('better-sqlite3');
const database = new Database(
    path.join(protocol.ownFolder('sqlite'), 'graph.sqlite'));

function insertAll(table, csv) {
  let insert = null;
  for (const row of protocol.rowsOf(csv)) {
    if (insert === null) {
      const names = Object.keys(row);
      insert = database.prepare(`INSERT INTO ${table}(${names}) `
          + `VALUES (${names.map((name) => '@' + name)})`);
    }
    insert.run(row);
  }
}

const asks = {};
for (const [question, text] of protocol.readStatements('questions.sql')) {
  let statement = null;
  asks[question] = (a, b) => {
    statement = statement
        || database.prepare(text.replaceAll('$', '?')).raw(
            question !== 'one_hop');
    const rows = statement.all({ 1: a, ...(b === undefined ? {} : { 2: b }) });
    if (question === 'one_hop') return protocol.sumUp(rows);
    return rows.length ? rows[0] : [-1];
  };
}

await protocol.serve({
  version: `${protocol.versionOf('better-sqlite3')}, SQLite `
      + database.prepare('SELECT sqlite_version()').pluck().get(),
  asks,
  load() {
    database.exec(SCHEMA);
    database.transaction(() => {
      insertAll('entity', protocol.entitiesCsv);
      insertAll('relationship', protocol.relationshipsCsv);
    })();
    database.exec(INDEXES);
  },
});
