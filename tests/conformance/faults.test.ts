// Proves the suite by the other half of the faulty fakes (conformance.test.ts).

import { proveFaults } from './proof.ts';

proveFaults({ from: 1, every: 2 });
