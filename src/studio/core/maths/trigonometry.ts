// Sine, cosine and tangent made only of + - * / and floor, so that every engine computes the same bits
// (Math.sin and its kin differ in the last bits between V8 versions). Argument reduction is in two parts of
// pi/2; the polynomials are the Taylor series, long enough that their remainder is below half a unit in the
// last place on [-pi/4, pi/4].

export const PI = Math.PI
export const TAU = 2 * Math.PI

const TWO_OVER_PI = 0.6366197723675814
/** pi/2 with its low 20 bits zero, so that `quadrant * HALF_PI_HIGH` is exact; and what is missing. */
const HALF_PI_HIGH = 1.5707963267341256
const HALF_PI_LOW = 6.077100506506192e-11

/** sin(r) for |r| <= pi/4. */
function sinNear(r: number): number {
  const s = r * r
  return (
    r +
    r *
      s *
      (-1 / 6 +
        s *
          (1 / 120 +
            s *
              (-1 / 5_040 +
                s * (1 / 362_880 + s * (-1 / 39_916_800 + s * (1 / 6_227_020_800 - s / 1_307_674_368_000))))))
  )
}

/** cos(r) for |r| <= pi/4. */
function cosNear(r: number): number {
  const s = r * r
  return (
    1 +
    s *
      (-0.5 +
        s *
          (1 / 24 +
            s *
              (-1 / 720 +
                s *
                  (1 / 40_320 +
                    s *
                      (-1 / 3_628_800 + s * (1 / 479_001_600 + s * (-1 / 87_178_291_200 + s / 20_922_789_888_000)))))))
  )
}

/** The nearest multiple of pi/2, counted. */
const quadrantOf = (x: number): number => Math.floor(x * TWO_OVER_PI + 0.5)

/** Radians. Absolute error below 5e-16 for |x| <= 1000, growing with |x| (1e-13 at a million). */
export function sin(x: number): number {
  const q = quadrantOf(x)
  const r = x - q * HALF_PI_HIGH - q * HALF_PI_LOW
  switch (q & 3) {
    case 0:
      return sinNear(r)
    case 1:
      return cosNear(r)
    case 2:
      return -sinNear(r)
    default:
      return -cosNear(r)
  }
}

/** Radians. Accuracy as `sin`. */
export function cos(x: number): number {
  const q = quadrantOf(x)
  const r = x - q * HALF_PI_HIGH - q * HALF_PI_LOW
  switch (q & 3) {
    case 0:
      return cosNear(r)
    case 1:
      return -sinNear(r)
    case 2:
      return -cosNear(r)
    default:
      return sinNear(r)
  }
}

/** Radians. Relative error below 1e-15 away from the poles for |x| <= 1000. */
export const tan = (x: number): number => sin(x) / cos(x)
