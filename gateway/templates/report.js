// One playhead over several players: only one sounds at a time, and a switch keeps the position.
(() => {
  "use strict";
  const duration = Number(document.querySelector("main").dataset.duration);
  const byId = (id) => document.getElementById(id);
  const lanes = byId("lanes");
  const players = [...document.querySelectorAll("audio")];
  const buttons = [...document.querySelectorAll(".play")];
  const lines = [...document.querySelectorAll(".words li")];
  let position = 0;
  let playing = null;

  const clock = (s) => `${Math.floor(s / 60)}:${(s % 60 < 9.95 ? "0" : "") + (s % 60).toFixed(1)}`;

  function draw() {
    byId("playhead").style.left = `${(100 * position) / duration}%`;
    byId("now").textContent = clock(position);
    lanes.setAttribute("aria-valuenow", position.toFixed(1));
    for (const line of lines) {
      const { start, end } = line.dataset;
      line.toggleAttribute("data-now", playing !== null && start <= position && position < Number(end) + 0.3);
    }
  }

  // On a narrow screen the axis scrolls: turn the page when the playhead runs out of it.
  function keepInView() {
    const view = lanes.closest(".scroll");
    const x = (lanes.clientWidth * position) / duration;
    if (x < view.scrollLeft || x > view.scrollLeft + view.clientWidth) view.scrollLeft = x - 24;
  }

  function seek(seconds) {
    position = Math.max(0, Math.min(duration, seconds));
    if (playing) playing.currentTime = position;
    draw();
  }

  function stop() {
    playing?.pause();
    playing = null;
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    draw();
  }

  function play(player) {
    stop();
    if (position >= Math.min(duration, player.duration || duration) - 0.05) position = 0;
    playing = player;
    player.currentTime = position;
    player.play();
    buttons.find((button) => button.dataset.for === player.id).setAttribute("aria-pressed", "true");
    requestAnimationFrame(follow);
  }

  function follow() {
    if (!playing) return;
    position = playing.currentTime;
    draw();
    keepInView();
    requestAnimationFrame(follow);
  }

  // Labels go into as few rows as keep them apart. From right to left, so that the stem of a higher
  // label passes left of the lower ones; a label at the very end gets a margin to stand in.
  function layFlags() {
    const rowHeight = 22;
    const flags = [...byId("flags").children].reverse();
    const axis = byId("axis");
    axis.style.marginRight = "0";
    const width = axis.clientWidth;
    const overhang = flags.map((flag) => flag.offsetLeft + flag.offsetWidth - width);
    axis.style.marginRight = `${Math.max(0, ...overhang)}px`;
    const edges = []; // for each row, where its leftmost label starts
    for (const flag of flags) {
      const end = flag.offsetLeft + flag.offsetWidth + 6;
      const taken = edges.findLastIndex((edge) => edge < end);
      edges[taken + 1] = flag.offsetLeft;
      flag.style.height = `${(taken + 2) * rowHeight + 4}px`;
    }
    byId("flags").style.height = `${Math.max(1, edges.length) * rowHeight + 4}px`;
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      const player = byId(button.dataset.for);
      player === playing ? stop() : play(player);
    });
  }
  for (const player of players) player.addEventListener("ended", () => player === playing && stop());
  document.addEventListener("click", ({ target }) => {
    const place = target.closest("[data-seek]");
    if (place) seek(Number(place.dataset.seek));
  });

  const drag = ({ clientX }) => {
    const box = lanes.getBoundingClientRect();
    seek(((clientX - box.left) / box.width) * duration);
  };
  lanes.addEventListener("pointerdown", (event) => {
    lanes.setPointerCapture(event.pointerId);
    drag(event);
  });
  lanes.addEventListener("pointermove", (event) => lanes.hasPointerCapture(event.pointerId) && drag(event));
  lanes.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageDown: -5, PageUp: 5, Home: -duration, End: duration };
    if (event.key in steps) seek(position + steps[event.key]);
    else if (event.key === " ") playing ? stop() : play(players[1]);
    else return;
    event.preventDefault();
  });

  document.body.classList.add("scripted");
  addEventListener("resize", layFlags);
  layFlags();
  draw();
})();
