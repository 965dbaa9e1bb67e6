// What a question asks and what still lacks: audits/questions.py once more, for the phone. A test holds the two together.
const POINTS = [0, 4, 6, 8, 10], FAILS_BELOW = 0.6, DECIMAL = /^-?\d{1,9}(\.\d{1,6})?$/;
export const NOTHING = { value: null, na: false, note: "" };

export const pointsOf = question => question.options.length ? question.options.map(option => Number(option.points)).sort((a, b) => a - b) : POINTS;
const asText = value => value === null || value === undefined ? "" : typeof value === "object" ? value.name : String(value);

function holds(condition, answer) {
  const said = answer.na ? "na" : asText(answer.value);
  if (!said) return false;
  if ("is" in condition) return condition.is.map(String).includes(said);
  if ("is_not" in condition) return !condition.is_not.map(String).includes(said);
  if (answer.na || !DECIMAL.test(said)) return false;
  if ("above" in condition) return Number(said) > Number(condition.above);
  return "below" in condition && Number(said) < Number(condition.below);
}

// The questions that are asked, in order: by node, and by the answers of those that are asked themselves.
export function askedOf(questions, answers, nodes = []) {
  const asked = [], heard = {};
  for (const question of questions) {
    const here = !question.node_codes.length || !nodes.length || question.node_codes.some(code => nodes.includes(code));
    if (!here || !question.show_if.every(condition => holds(condition, heard[condition.code] ?? NOTHING))) continue;
    asked.push(question);
    heard[question.code] = answers[question.code] ?? NOTHING;
  }
  return asked;
}

function share(question, answer) {
  const value = answer?.value ?? null;
  if (value === null || answer.na) return null;
  if (question.kind === "yes_no") return value === "yes" ? 1 : 0;
  if (question.kind === "scale") return Number(value) / Math.max(...pointsOf(question));
  if (question.kind === "choice") { const graded = question.options.find(option => option.code === value)?.share; return graded === null || graded === undefined ? null : graded / 100; }
  if (question.kind === "number" && (question.lowest || question.highest))
    return (!question.lowest || Number(value) >= Number(question.lowest)) && (!question.highest || Number(value) <= Number(question.highest)) ? 1 : 0;
  return null;
}

export function fails(question, answer) {
  const reached = share(question, answer);
  return reached !== null && reached < FAILS_BELOW;
}

export function photosWanted(question, answer = NOTHING) {
  if (answer.na) return 0;
  return question.kind === "photo" || question.photo === "always" || (question.photo === "on_no" && fails(question, answer)) ? Math.max(1, question.photos_least) : 0;
}

// "answer", "photo", "reason", or "" for nothing.
export function missing(question, answer = NOTHING, photos = 0) {
  if (answer.na) return answer.note.trim() ? "" : "reason";
  if (question.kind === "photo") return photos >= Math.max(1, question.photos_least) ? "" : "photo";
  if (answer.value === null) return "answer";
  return photos < photosWanted(question, answer) ? "photo" : "";
}

// A number as somebody types it on a phone, in its one form; null where it is none.
export function number(typed) {
  const text = typed.trim().replace(/[,，．]/g, ".").replace(/[０-９]/g, digit => String.fromCharCode(digit.charCodeAt(0) - 0xFEE0));
  return DECIMAL.test(text) ? text : null;
}
