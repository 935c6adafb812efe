import 'uplot/dist/uPlot.min.css';
import { render } from 'preact';
import { api } from './api.ts';
import { App } from './components/app.tsx';
import { HubModel } from './hub-model.ts';
import { LiveFeed } from './live.ts';

const feed = new LiveFeed({ connect: (url) => new EventSource(url) });
const model = new HubModel({ api, feed, clock: Date.now });
model.start();
feed.start();
addEventListener('offline', () => feed.setOffline());
addEventListener('online', () => {
  feed.start();
  void model.load();
});
// A page that slept may hold old values.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void model.load();
});

const root = document.querySelector('#app');
if (root) render(<App model={model} feed={feed} />, root);
