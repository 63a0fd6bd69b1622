import { Agent } from 'undici';

/** Longest answer to a question beside the graph, bytes; json-reader.ts reads no more either. */
export const LONGEST_ANSWER = 8 * 1024 * 1024;

/** Gives an answer up as soon as it is longer: undici by itself reads what comes until the time is over. */
export const boundedAnswers = new Agent({ maxResponseSize: LONGEST_ANSWER });
