/** What piscina calls in a thread: it gives a function one argument. */
import { add } from "./cluster-work.ts";

export default ({ a, b }: { readonly a: number; readonly b: number }): number => add(a, b);
