import { useUi } from './ui.ts';

export const Footer = ({ version }: { version: string | undefined }) => {
  const { t, language } = useUi();
  return (
    <footer class="page-footer">
      <nav aria-label={t.footer}>
        <a href={`/${language}/data`}>{t.footerData}</a>
        <a href="/docs">{t.footerApi}</a>
        <a href="/api/v1/latest">{t.footerLatest}</a>
        <a href="/api/v1/datasets">{t.footerDatasets}</a>
      </nav>
      <p>plietsch {version}</p>
    </footer>
  );
};
