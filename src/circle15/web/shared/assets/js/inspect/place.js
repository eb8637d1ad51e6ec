// Where the tablet is, if it may be asked and knows. It never holds anything up.
const FRESH_MS = 120_000;
const TIMEOUT_MS = 10_000;
let last = null;
let asking = null;

function ask() {
  asking ??= new Promise((go) => {
    const done = (found) => {
      if (found) last = { at: Date.now(), place: found };
      asking = null;
      go(found);
    };
    if (!navigator.geolocation) return void done(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({
        lat: Number(coords.latitude.toFixed(6)),
        lon: Number(coords.longitude.toFixed(6)),
        accuracy_m: Math.ceil(coords.accuracy),
      }),
      () => done(null),
      { enableHighAccuracy: true, timeout: TIMEOUT_MS, maximumAge: FRESH_MS },
    );
  });
  return asking;
}

// What is known at once (or null), and a promise of something better.
export function here() {
  const known = last && Date.now() - last.at < FRESH_MS ? last.place : null;
  return { known, better: known ? null : ask() };
}
