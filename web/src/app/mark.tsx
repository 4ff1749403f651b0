// Maestro's mark: a note on a staff.

export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} role="img" aria-label="Maestro">
      <rect width="32" height="32" rx="8" fill="oklch(0.215 0.025 264)" />
      <path d="M5 10.5h22M5 16h22M5 21.5h22" stroke="oklch(0.6 0.02 264)" />
      <path d="M18.5 7v14.5" stroke="oklch(0.8 0.128 83)" strokeWidth="2.2" strokeLinecap="round" />
      <ellipse cx="15" cy="21.6" rx="4.2" ry="3.1" fill="oklch(0.8 0.128 83)" transform="rotate(-20 15 21.6)" />
      <path
        d="M18.5 7.2c4 1 5.5 3.2 4.6 6.6"
        fill="none"
        stroke="oklch(0.8 0.128 83)"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
    </svg>
  )
}
