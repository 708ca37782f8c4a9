/**
 * What the change of a seat or a task can mean to those who consume the feed: that its group may move on, that its node
 * has another state, or that somebody wants to hear of single tasks.
 */
export type FeedSignal = 'group' | 'node' | 'task';
