import { useUi } from './ui.ts';

export const Footer = ({ version }: { version: string | undefined }) => {
  const { t } = useUi();
  return (
    <footer class="page-footer">
      <nav aria-label={t.footer}>
        <a href="/docs">{t.footerApi}</a>
        <a href="/api/v1/latest">{t.footerLatest}</a>
        <a href="/api/v1/datasets">{t.footerDatasets}</a>
      </nav>
      <p>plietsch {version}</p>
    </footer>
  );
};
