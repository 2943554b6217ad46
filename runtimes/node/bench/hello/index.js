// The function that answers as the bare server does.

'use strict';

module.exports = ({ res }) => res.json({ message: 'Hello!' });
