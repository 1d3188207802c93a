/**
 * The softphone page: shows a Call (call.js) in plain words and takes the user's clicks.
 *
 * For those who drive it from outside, these hold still:
 *   #phone[data-state]    idle | asking | dialling | consent | connecting | talking | handing_off |
 *                         handed_off | closing | ended
 *   #phone[data-consent]  none | asked | asked again | asked last | granted | refused | unclear |
 *                         timed out | wants a human | withdrawn
 *   #call                 the button; [data-live] while it hangs up
 *   #microphone #camera   [aria-pressed]; the camera is chosen before the call, paused within it
 *   #purposes [data-purpose][data-outcome]  what was asked for, and what came of it
 *   #rights [data-demand] what may be demanded at the moment; those that make no sense are hidden
 *   #keypad [data-digit]  0-9 * #; the fieldset is enabled when the gateway takes keys
 *   #token                shown when a call needs one; `#token=…` in the address fills it in
 *   #state #hint #consent #error #clock    text
 *   #transcript li.said.caller, li.said.agent    .chip[data-token="<CARD_1>"] within
 *   #findings li[data-token][data-entity]  #count   what was silenced
 *   #hold[aria-valuenow] #hold-age         seconds;  #level[aria-valuenow] 0-100
 *   #remote-audio, #view[data-open] #picture     media elements
 *   #trouble                               shown while a broken connection is being restored
 *   #diagnostics [data-stat]               what the browser measures, as text;  #dtx  leave out silence
 * Every one of these ids is its data-testid too. The query `?test` switches off the browser's
 * echo cancellation, noise suppression and gain control.
 */
import { askForToken, token } from "./access.js";
import { Call, CallError, capture } from "./call.js";
import { diagnose } from "./diagnostics.js";

const $ = (id) => document.getElementById(id);
const phone = $("phone");

const STATES = {
  idle: ["Ready to call", "You will be asked for your consent first. The agent hears nothing before you give it."],
  asking: ["Asking for your microphone", "Allow it in the browser’s question."],
  dialling: ["Calling", "Setting up an encrypted connection."],
  consent: ["Waiting for your consent", "Say “yes”, or “no” to refuse. The agent hears nothing yet."],
  connecting: ["Reaching the agent", "Nobody hears you yet."],
  talking: ["Talking to the agent", "Private details are silenced before the agent hears you."],
  handing_off: ["Please hold", "You are being connected with a colleague. Nobody hears you meanwhile."],
  handed_off: ["Talking to a colleague", "You were handed over. Nobody else hears you."],
  closing: ["Saying goodbye", "Nobody hears you any more."],
  ended: ["Call ended", ""],
};

const CONSENTS = {
  asked: "",
  "asked again": "No clear answer yet.",
  "asked last": "No clear answer yet. You are asked for the last time.",
  granted: "You gave your consent.",
  refused: "You did not consent: the AI agent heard nothing.",
  unclear: "There was no clear answer: the AI agent heard nothing.",
  "timed out": "You gave no answer: the AI agent heard nothing.",
  "wants a human": "You asked for a person: the AI agent heard nothing.",
  withdrawn: "You withdrew your consent: the AI agent hears nothing more.",
};

const PURPOSES = {
  agent: "AI agent may listen",
  record: "Call may be recorded",
  transcribe: "Transcript may be kept",
  biometric: "Voice may be checked",
  video: "Camera may be seen",
  training: "Call may train the agent",
};

const OUTCOMES = {
  "not asked": "not asked",
  noticed: "yes, as announced",
  granted: "yes",
  refused: "no",
  unclear: "no clear answer",
  "timed out": "no answer",
  withdrawn: "withdrawn",
};

/** Why a call ended: what the gateway says, and how it is put to the user. */
const REASONS = [
  [/^consent |^withdrawn|^The call has ended/, ""], // nothing that the page does not say already
  [/^(wants a human|operator|synthetic voice|no agent|agent asked|agent lost)$/, "Nobody could take the call."],
  [/^the person hung up/, "The other side hung up."],
  [/^agent closed the stream \(code 1000\)/, "The agent hung up."],
  [/^agent/, "The agent was lost."],
  [/^the caller hung up/, "You hung up."],
  [/^the caller|^the network/, "The connection was lost."],
  [/^the gateway is shutting down/, "The gateway was shut down."],
  [/^ledger failed/, "The gateway could not keep its record, and without one there is no call."],
  [/^internal error/, "Something failed in the gateway."],
];

const OPEN = ["granted", "noticed"];
const KEPT = ["record", "transcribe"];
const THROUGH = ["talking", "handing_off", "handed_off"]; // states in which something may be kept

const ACTIONS = { bleep: "bleeped", mute: "muted", pass: "let through" };

const HOLD_FULL_S = 4; // the age at which the meter is full
const HOLD_LATE_S = 3;
const SAME_BREATH_S = 1.5; // words that follow within this gap join the bubble before

let call = null;
let purposes = {};
let stopLevel = () => {};
let stopDiagnosis = () => {};
let clock = 0;

/* ---- words ---- */

const clockTime = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const plain = (name) => {
  const words = name.replaceAll("_", " ").toLowerCase().replace(/\b(cvv|iban|us|uk|ssn|itin|nhs|nino|ip|url|zip)\b/g, (w) => w.toUpperCase());
  return words[0].toUpperCase() + words.slice(1);
};

function element(name, className, text) {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/** Draw masked text: tokens become chips whose brackets stay in the text, unseen. */
function masked(text) {
  const fragment = document.createDocumentFragment();
  for (const part of text.split(/(<[A-Z][A-Z_]*_\d+>)/)) {
    if (!/^<[A-Z].*_\d+>$/.test(part)) {
      fragment.append(part);
      continue;
    }
    const chip = element("span", "chip");
    chip.dataset.token = part;
    chip.append(element("i", "", "<"), part.slice(1, -1), element("i", "", ">"));
    fragment.append(chip);
  }
  return fragment;
}

/* ---- what the gateway tells ---- */

function show(state) {
  const [headline, hint] = STATES[state] ?? [plain(state), ""];
  phone.dataset.state = state;
  $("state").textContent = headline;
  $("hint").textContent = hint;
  const live = state !== "idle" && state !== "ended";
  $("call").toggleAttribute("data-live", live);
  $("call-label").textContent = live ? "Hang up" : state === "ended" ? "Call again" : "Call";
  offerKeys();
  offerRights();
  $("view").toggleAttribute("data-open", state === "talking" || state === "handed_off");
  $("view-held").textContent = phone.dataset.consent === "granted" ? "Held back" : "Held back until you consent";
  $("camera").disabled = live && !offersVideo();
  $("camera").title = $("camera").disabled ? "Choose the camera before you call" : "";
}

/** Enable the keypad if the gateway takes keys. */
function offerKeys() {
  $("keypad").disabled = !call?.takesKeys;
  if (phone.dataset.state === "consent" && call?.takesKeys) {
    $("hint").textContent = "Say “yes” or press 1, “no” or press 2, or press 0 for a person. The agent hears nothing yet.";
  }
}

const isOpen = (purpose) => OPEN.includes(purposes[purpose]);

/** Show what may be demanded as the call stands. */
function offerRights() {
  const { state } = phone.dataset;
  const makesSense = {
    "stop recording": THROUGH.includes(state) && KEPT.some(isOpen),
    "wants a human": state === "talking",
    stop: state === "talking",
  };
  for (const button of $("rights").querySelectorAll("button")) button.hidden = !makesSense[button.dataset.demand];
}

/** Say for what consent was asked, and what came of it. */
function list() {
  const rows = Object.entries(purposes).map(([purpose, outcome]) => {
    const row = element("div");
    Object.assign(row.dataset, { purpose, outcome });
    row.append(element("dt", "", PURPOSES[purpose] ?? plain(purpose)), element("dd", "", OUTCOMES[outcome] ?? plain(outcome)));
    return row;
  });
  $("purposes").replaceChildren(...rows);
}

/** Say why the call ended, and what came of it. */
function conclude(reason) {
  const [, words] = REASONS.find(([pattern]) => pattern.test(reason)) ?? [null, reason];
  const count = $("findings").childElementCount;
  const silenced = count ? `${count} private ${count === 1 ? "detail was" : "details were"} silenced.` : "";
  $("hint").textContent = [words, silenced].filter(Boolean).join(" ");
}

const offersVideo = () => !$("view").hidden;

const handlers = {
  statechanged({ state }) {
    show(state);
    if (state === "ended") finish();
  },

  consentchanged({ outcome, purposes: told }) {
    purposes = told;
    // Where the talk goes on, what was withdrawn was for keeping it.
    const key = outcome === "withdrawn" && isOpen("agent") ? "granted" : outcome;
    phone.dataset.consent = key;
    const dropped = KEPT.some((purpose) => purposes[purpose] === "withdrawn");
    const sentences = [CONSENTS[key] ?? plain(key), dropped ? "What was kept of this call is erased." : ""];
    $("consent").textContent = sentences.filter(Boolean).join(" ");
    $("consent").hidden = !$("consent").textContent;
    list();
    offerRights();
  },

  transcript({ who, text, start_s, end_s }) {
    const list = $("transcript");
    const following = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    // Held words of the caller come later than the agent's: keep the order in which they were said.
    const earlier = [...list.children].filter((item) => Number(item.dataset.start) <= start_s);
    const before = earlier.at(-1);
    const own = earlier.findLast((item) => item.classList.contains(who));
    if (own && start_s - Number(own.dataset.end) < SAME_BREATH_S) {
      own.lastElementChild.append(" ", masked(text));
      own.dataset.end = end_s;
    } else {
      const item = element("li", `said ${who === "agent" ? "agent" : "caller"}`);
      Object.assign(item.dataset, { start: start_s, end: end_s });
      const words = element("p");
      words.append(masked(text));
      item.append(element("small", "", `${who === "agent" ? "Agent" : "You"} · ${clockTime(start_s)}`), words);
      before ? before.after(item) : list.prepend(item);
    }
    if (following) list.scrollTop = list.scrollHeight;
  },

  found({ entity, token, action, start_s, end_s }) {
    const list = $("findings");
    const following = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    const item = element("li");
    Object.assign(item.dataset, { token, entity });
    const length = `${(end_s - start_s).toFixed(1)} s`;
    item.append(element("b", "", plain(entity)), element("time", "", clockTime(start_s)));
    item.append(masked(token), element("small", "", `${ACTIONS[action] ?? action} · ${length}`));
    list.append(item);
    $("count").textContent = list.childElementCount;
    if (following) list.scrollTop = list.scrollHeight;
  },

  held({ age_s }) {
    $("hold-age").textContent = `${age_s.toFixed(1)} s`;
    gauge($("hold"), age_s.toFixed(2), age_s / HOLD_FULL_S);
    $("hold").parentElement.toggleAttribute("data-late", age_s > HOLD_LATE_S);
  },

  notice() {}, // why a call ended: told by conclude()
};

function gauge(bar, value, fraction) {
  bar.setAttribute("aria-valuenow", value);
  bar.firstElementChild.style.transform = `scaleX(${Math.min(1, fraction)})`;
}

/* ---- what the user does ---- */

async function dial() {
  fail("");
  for (const id of ["transcript", "findings"]) $(id).replaceChildren();
  $("count").textContent = "0";
  $("consent").hidden = true;
  phone.dataset.consent = "none";
  purposes = {};
  list();
  const camera = $("camera").getAttribute("aria-pressed") === "true";
  $("view").hidden = !camera;
  let mine = null;
  try {
    show("asking");
    const untouched = new URLSearchParams(location.search).has("test");
    const stream = await capture({ camera, untouched });
    mine = new Call(stream, { dtx: $("dtx").checked, token: token() });
    if (phone.dataset.state !== "asking") return mine.close(); // hung up while the browser asked
    call = mine;
    call.enable("audio", $("microphone").getAttribute("aria-pressed") === "true");
    $("picture").srcObject = camera ? new MediaStream(stream.getVideoTracks()) : null;
    stopLevel = meter(stream);
    clock = startClock();
    stopDiagnosis = diagnose(() => mine.stats(), $("diagnostics"));
    show("dialling");
    let reason = "";
    call.addEventListener("event", ({ detail }) => {
      if (detail.type === "notice") reason = detail.text;
      handlers[detail.type]?.(detail);
      if (detail.state === "ended") conclude(reason);
    });
    call.addEventListener("sound", ({ detail }) => {
      $("remote-audio").srcObject = detail;
      $("remote-audio").play().catch(() => fail("The browser does not play sound: click the page once."));
    });
    call.addEventListener("picture", ({ detail }) => ($("picture").srcObject = detail));
    call.addEventListener("mending", ({ detail }) => ($("trouble").hidden = !detail));
    call.addEventListener("lost", ({ detail }) => {
      show("ended");
      finish();
      fail(detail);
    });
    await call.dial();
  } catch (error) {
    if (mine !== call) return; // an attempt that was given up in the meantime
    show("idle");
    finish();
    fail(error instanceof CallError ? error.message : "Something went wrong in the page; reload it and call again.");
    if (!(error instanceof CallError)) console.error(error);
    if (error.status === 401) askForToken();
  }
}

/** Free what a call took, whoever ended it. */
function finish() {
  call?.close();
  call = null;
  stopLevel();
  stopDiagnosis();
  clearInterval(clock);
  $("trouble").hidden = true;
  handlers.held({ age_s: 0 });
  $("remote-audio").srcObject = null;
  $("picture").srcObject = null;
  $("view").hidden = true;
  show(phone.dataset.state);
}

function hangUp() {
  const ended = call !== null;
  call?.hangUp();
  show(ended ? "ended" : "idle");
  finish();
  if (ended) conclude("the caller hung up");
}

function fail(sentence) {
  $("error").textContent = sentence;
  $("error").hidden = !sentence;
}

function press(digit) {
  if ($("keypad").disabled) return;
  call.press(digit);
  const key = $("keypad").querySelector(`[data-digit="${digit}"]`);
  key.setAttribute("data-down", "");
  setTimeout(() => key.removeAttribute("data-down"), 160);
}

function toggle(button, kind, name) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", on);
  button.lastElementChild.textContent = `${name} ${on ? "on" : "off"}`;
  call?.enable(kind, on);
}

/* ---- instruments ---- */

function startClock() {
  const start = Date.now();
  $("clock").textContent = "0:00";
  return setInterval(() => {
    $("clock").textContent = clockTime((Date.now() - start) / 1000);
    offerKeys(); // nothing tells when they are taken
  }, 500);
}

/** Show the microphone's loudness (-60 to 0 dB of full scale) until the returned function is called. */
function meter(stream) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
  const block = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(block);
    const power = block.reduce((sum, sample) => sum + sample * sample, 0) / block.length;
    const fraction = Math.max(0, 1 + (10 * Math.log10(power + 1e-9)) / 60);
    gauge($("level"), Math.round(100 * fraction), fraction);
  }, 80);
  return () => {
    clearInterval(timer);
    context.close();
    gauge($("level"), 0, 0);
    stopLevel = () => {};
  };
}

$("call").addEventListener("click", () => ($("call").hasAttribute("data-live") ? hangUp() : dial()));
$("token").addEventListener("keydown", ({ key }) => key === "Enter" && $("call").click());
$("microphone").addEventListener("click", () => toggle($("microphone"), "audio", "Mic"));
$("camera").addEventListener("click", () => toggle($("camera"), "video", "Camera"));
$("rights").addEventListener("click", ({ target }) => {
  if (target.dataset.demand) call?.demand(target.dataset.demand).catch(({ message }) => fail(message));
});
$("dtx").addEventListener("change", ({ target }) => {
  call?.leaveOutSilence(target.checked).catch(({ message }) => fail(message));
});
$("keypad").addEventListener("click", ({ target }) => target.dataset.digit && press(target.dataset.digit));
addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
  if (/^[0-9*#]$/.test(key) && !ctrlKey && !metaKey && !altKey) press(key);
});
addEventListener("pagehide", () => call?.hangUp());
