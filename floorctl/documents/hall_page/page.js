// The page of the hall keeps itself fresh. Opened by itself it is the shell: it loads its own file again and again into a
// frame that nobody sees, and shows that frame once it says that it is whole and newer. A half page, one that cannot be
// read and a file that is gone say nothing, so the old one stays; if that lasts, the shell says that the page has stopped.
(() => {
  "use strict";
  const LOOK_MS = 2000; // between two looks at the file
  const WAIT_MS = 6000; // for a frame that does not answer
  const STOPPED_MS = 45000; // three times the longest pause between two pages
  const LINGER_MS = 500; // the old frame stays below the new one until that is painted
  const RENEW_MS = 60000; // at the least between two loads of the shell
  const root = document.documentElement;
  const { stamp, at, version, holds } = root.dataset;
  // Languages take turns by the clock, not by the time of loading: a new page goes on where the old one was.
  root.style.setProperty("--phase", `${(Date.now() / 1000) % 86400}s`);
  const whole = () => document.getElementById("end") !== null;

  if (window.parent !== window) {
    document.addEventListener("DOMContentLoaded", () => {
      if (whole()) window.parent.postMessage({ floorctl: "hall", stamp, at, version, holds }, "*");
    });
    return;
  }

  let shown = null; // the frame on the screen
  let next = null; // the frame that loads
  let asked = 0; // when it began
  let last = stamp; // of the newest page that was whole
  let lastAt = at; // its time of day
  let until = Number(holds); // when its words stay true without a newer one
  // Both clocks: the one goes on while the PC sleeps, the other cannot be set. A page that is old when it is opened has
  // stopped, by the clock of the same PC, until a newer one proves that it has not.
  let seen = performance.now();
  let seenByClock = Date.now();
  if (Math.abs(Date.now() - Number(stamp)) > STOPPED_MS) seen = -STOPPED_MS;
  let lock = null; // keeps the monitor awake while the page lives

  const stopped = () =>
    Date.now() >= until && Math.max(performance.now() - seen, Date.now() - seenByClock) >= STOPPED_MS;

  function awake(wanted) {
    if (!wanted && lock) {
      lock.release().catch(() => {});
      lock = null;
    } else if (wanted && !lock && navigator.wakeLock && document.visibilityState === "visible") {
      lock = { release: () => Promise.resolve() };
      navigator.wakeLock.request("screen").then((got) => {
        lock = got;
        got.addEventListener("release", () => { lock = null; });
      }).catch(() => {});
    }
  }

  function tell() {
    const box = document.getElementById("stopped");
    for (const time of box.querySelectorAll("time")) time.textContent = lastAt;
    box.hidden = !stopped();
    awake(!stopped());
  }

  function look() {
    if (next && performance.now() - asked < WAIT_MS) return;
    if (next) next.remove();
    next = document.createElement("iframe");
    next.tabIndex = -1;
    next.title = document.title;
    next.src = `${location.href.split(/[?#]/)[0]}?${Date.now()}`;
    asked = performance.now();
    document.body.append(next);
  }

  window.addEventListener("message", (event) => {
    const said = event.data;
    if (!next || event.source !== next.contentWindow || !said || said.floorctl !== "hall") return;
    const frame = next;
    next = null;
    if (said.stamp === last) {
      frame.remove();
      return;
    }
    last = said.stamp;
    lastAt = said.at;
    until = Number(said.holds);
    seen = performance.now();
    seenByClock = Date.now();
    if (said.version !== version && seen > RENEW_MS) {
      location.reload(); // floorctl or its words have changed
      return;
    }
    const old = shown;
    shown = frame;
    frame.className = "shown";
    setTimeout(() => {
      if (old) old.remove();
      document.querySelector("main").hidden = true;
    }, LINGER_MS);
    tell();
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!whole()) {
      setTimeout(() => location.reload(), LOOK_MS);
      return;
    }
    tell();
    setInterval(tell, 1000);
    setInterval(look, LOOK_MS);
  });
})();
