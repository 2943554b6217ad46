// The function of a rehearsal: what most functions do, and nothing that lasts.

'use strict';

module.exports = async ({ req, res, log }) => {
  log(req.method, { path: req.path });
  return res.json({ body: req.body, name: req.query.a });
};
