// How the pages look, what the server keeps and for how long, which channels it knows, and how an agent gets a key.

import { Panel } from "../components/parts";
import { t } from "../texts/texts";
import { ChannelsPanel } from "./channels_panel";
import { KeysPanel } from "./keys_panel";
import { LookPanel } from "./look_panel";
import { PrivacyPanel } from "./privacy_panel";
import { StoragePanel } from "./storage_panel";
import "../styles/settings.css";

export function SettingsPage() {
  return (
    <div class="page flow settings-page">
      <h1 class="only-spoken">{t.settingsPage.title}</h1>
      <StoragePanel />
      <div class="settings-columns">
        <div class="settings-stack">
          <LookPanel />
          <Panel title={t.settingsPage.more} class="settings-more">
            <div class="settings-body">
              <p>{t.settingsPage.moreText}</p>
            </div>
          </Panel>
        </div>
        <KeysPanel />
        <ChannelsPanel />
        <PrivacyPanel />
      </div>
    </div>
  );
}
