import { buildApplication } from './application';

/** Before the first test of a project whose tests run functions. */
export default buildApplication;
