/** Who runs the system that `npm start` brings up: the first part of its logs' names. */
export const DEPLOYMENT = 'contactpoint.local';
