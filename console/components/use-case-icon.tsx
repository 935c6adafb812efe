const paths: Readonly<Record<string, string>> = {
  waste: 'M4 8h16M9 8V5h6v3M6 8l1 12h10l1-12M10 12v5M14 12v5',
  coast: 'M2 9c3-3 5-3 8 0s5 3 8 0 3-2 4-2M2 15c3-3 5-3 8 0s5 3 8 0 3-2 4-2M2 21c3-3 5-3 8 0s5 3 8 0 3-2 4-2',
  traffic: 'M7 21 9.5 3M17 21 14.5 3M12 4v3M12 10.5v3M12 17v3.5',
  weather:
    'M12 3v2M4.9 5.9l1.4 1.4M19.1 5.9l-1.4 1.4M8 12a4 4 0 0 1 7.8-1.2M7 20h9.5a3.5 3.5 0 0 0 .3-7 5 5 0 0 0-9.5 1A3 3 0 0 0 7 20z',
  parking: 'M5 3h14v18H5zM10 17V7h3a3 3 0 0 1 0 6h-3',
  energy: 'M13 2 5 14h6l-1 8 8-12h-6z',
  environment: 'M5 20c0-9 5-14 15-15 0 10-5 15-12 14M5 20c2-5 5-8 9-10',
  other: 'M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5',
  device: 'M5 14a10 10 0 0 1 14 0M8 17a6 6 0 0 1 8 0M12 20.5v.1',
};

export const UseCaseIcon = ({ useCase }: { useCase: string }) => (
  <svg class="use-case-icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[useCase] ?? paths.device} />
  </svg>
);
