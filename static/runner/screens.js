// Every screen: (arguments of the address) -> {title, node}, or nothing when it has gone elsewhere.
import { drawWith as questions } from "./question.js";
import { drawWith as walks } from "./walk.js";

export { action } from "./action.js";
export { look } from "./again.js";
export { closing } from "./closing.js";
export { atGate, fetchVisit, home, signIn } from "./home.js";
export { question, unsorted } from "./question.js";
export { queue } from "./queue.js";
export { overview, start } from "./walk.js";

export function drawWith(tools) { questions(tools); walks(tools); }

// Which screens follow what happens in the queue; a screen on which somebody types is left alone.
export function follows(hash, what) {
  if (what !== "queue" || document.activeElement?.matches("input:not([type=file]), textarea, select, canvas")) return false;
  return /^(#?\/?|#\/queue|#\/f\/[\w-]+|#\/v\/[\w-]+(\/photos|\/q\/.*|\/l\/[\w-]+)?)$/.test(hash);
}
