/** The agent's version, as its reports tell it: that of the package. */
export const AGENT_VERSION = '0.1.0';
