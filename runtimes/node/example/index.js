module.exports = async ({ req, res, log }) => {
  log(`${req.method} ${req.path}`);

  return res.json({
    message: 'Hello from Node.js!',
    method: req.method,
    path: req.path,
    query: req.query,
  });
};
