// Says calls one after the other, each twice; when many wait, once. Never two at a time.
const BETWEEN_MS = 500;
const MANY = 3;

export class Voice {
  constructor(base, button) {
    this.base = base;
    this.button = button;
    this.waiting = [];
    this.isBusy = false;
    this.sound = new Audio();
    button.addEventListener("click", () => {
      button.hidden = true;
      this.next();
    });
  }

  say(label, window) {
    this.waiting.push(`${this.base}${encodeURIComponent(label)}/${window}.wav`);
    if (!this.isBusy) this.next();
  }

  async next() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      while (this.waiting.length) {
        const address = this.waiting[0];
        const times = this.waiting.length > MANY ? 1 : 2;
        for (let time = 0; time < times; time += 1) await this.play(address);
        this.waiting.shift();
      }
    } catch {
      // The browser wants somebody to touch the screen first; old calls need not be said then.
      this.waiting = this.waiting.slice(-1);
      this.button.hidden = false;
    }
    this.isBusy = false;
  }

  async play(address) {
    this.sound.src = address;
    try {
      await this.sound.play();
    } catch (refusal) {
      if (refusal.name === "NotAllowedError") throw refusal;
      return; // no clip: the number is on the display
    }
    await new Promise((done) => {
      this.sound.onended = done;
      this.sound.onerror = done;
    });
    document.dispatchEvent(new CustomEvent("c15-said", { detail: address }));
    await new Promise((done) => { setTimeout(done, BETWEEN_MS); });
  }
}
