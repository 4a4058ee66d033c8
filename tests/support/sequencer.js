const { readFileSync } = require('node:fs');
const Sequencer = require('@jest/test-sequencer').default;

/** Runs the tests that start runners first: they take longest, and at the end the other workers would wait for them. */
module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const startsRunners = ({ path }) =>
      /support\/(runner|signIn|owner|load|killedProcessor)'/.test(readFileSync(path, 'utf8'));
    return [...sorted.filter(startsRunners), ...sorted.filter((test) => !startsRunners(test))];
  }
};
