// The same service with node-postgres: no query names user_id.
//
//   TODO_DATABASE_URL=postgresql://todo_app@localhost:6432/todo node todo.js 3000
'use strict';
const http = require('node:http');
const { Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.TODO_DATABASE_URL });

// Runs work(client) in a transaction that acts for the user of the token.
async function asUser(token, work) {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT steward.act_as_token($1)', [token]);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

const routes = {
  'GET /tasks': async (client) => (await client.query('SELECT id, title, done FROM task ORDER BY id')).rows,
  'POST /tasks': async (client, { title, done = false }) =>
    (await client.query('INSERT INTO task (title, done) VALUES ($1, $2) RETURNING id, title, done', [title, done])).rows[0],
  'PUT /tasks/:id': async (client, { title, done = false }, id) =>
    (await client.query('UPDATE task SET title = $1, done = $2 WHERE id = $3 RETURNING id, title, done', [title, done, id])).rows[0],
  'DELETE /tasks/:id': async (client, _, id) =>
    (await client.query('DELETE FROM task WHERE id = $1 RETURNING id', [id])).rows[0],
};

async function body(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? JSON.parse(text) : {};
}

async function answer(request) {
  const [, collection, id] = new URL(request.url, 'http://localhost').pathname.split('/');
  const route = routes[`${request.method} /${collection}${id ? '/:id' : ''}`];
  if (!route) return [404, { error: 'no such page' }];
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const wanted = await body(request);
  try {
    const result = await asUser(token, (client) => route(client, wanted, id));
    return result === undefined ? [404, { error: 'no such task' }] : [request.method === 'POST' ? 201 : 200, result];
  } catch (error) {
    if (error.code?.startsWith('28')) return [401, { error: 'this token is not valid' }];
    throw error;
  }
}

http
  .createServer(async (request, response) => {
    const [status, result] = await answer(request).catch((error) => {
      console.error(error.message);
      return [500, { error: 'something went wrong' }];
    });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  })
  .listen(Number(process.argv[2] ?? 3000), '127.0.0.1');
