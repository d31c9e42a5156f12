// Starts the window.

import { mount } from 'svelte';

import { desk } from './host/desk';
import App from './routes/App.svelte';
import './styles/tokens.css';
import './styles/base.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element with id "app"');

mount(App, { target });

// The second frame after mounting has been painted: start-up is measured up to here.
requestAnimationFrame(() => requestAnimationFrame(() => void desk.uiMark('first-frame')));
