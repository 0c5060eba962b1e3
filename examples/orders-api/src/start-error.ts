/** A reason not to start that the person at the keyboard can remove; printed without a stack. */
export class StartError extends Error {}
