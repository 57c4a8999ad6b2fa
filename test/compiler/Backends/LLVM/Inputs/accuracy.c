// Compares the generated exp and tanh with the C library's in double precision, over a sample of all floats.
#include <math.h>
#include <stdio.h>
#include <string.h>

extern float exp1(float), tanh1(float);
extern void exp16(const float *x, float *y), tanh16(const float *x, float *y);

static float fromBits(unsigned bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// Units in the last place of the float nearest to `exact`.
static double ulps(float value, double exact) {
  double ulp = nextafterf((float)exact, INFINITY) - (float)exact;
  return fabs(value - exact) / ulp;
}

static int differs(float a, float b) { return memcmp(&a, &b, sizeof a) != 0; }

int main(void) {
  double expUlps = 0, tanhError = 0;
  int lanesDiffer = 0;
  // A prime step: 2.1 million values of either sign, of every exponent.
  for (unsigned bits = 0; bits < 0x7f800000u; bits += 1009 * 16) {
    float x[16], y[16], z[16];
    for (int sign = 0; sign < 2; ++sign) {
      for (unsigned i = 0; i < 16; ++i)
        x[i] = fromBits((bits + 1009 * i) | (sign ? 0x80000000u : 0));
      exp16(x, y);
      tanh16(x, z);
      for (int i = 0; i < 16; ++i) {
        lanesDiffer += differs(y[i], exp1(x[i])) || differs(z[i], tanh1(x[i]));
        if (x[i] >= -87.3f && x[i] <= 88.3f && expUlps < ulps(y[i], exp(x[i])))
          expUlps = ulps(y[i], exp(x[i]));
        double exact = tanh(x[i]), error = x[i] == 0 ? fabs(z[i]) : fabs(z[i] - exact) / fabs(exact);
        if (isfinite(x[i]) && !(error <= tanhError))
          tanhError = error;
      }
    }
  }
  printf("exp: %.2f ulp, %s\n", expUlps, expUlps <= 2 ? "good" : "bad");
  printf("tanh: %.2g, %s\n", tanhError, tanhError <= 4e-7 ? "good" : "bad");
  printf("lanes that differ from scalars: %d\n", lanesDiffer);
  printf("exp of -87.34 %g, -1000 %g, -inf %g, 88.38 %g, 1000 %g, inf %g, nan is nan %d\n", exp1(-87.34f), exp1(-1000),
         exp1(-INFINITY), exp1(88.38f), exp1(1000), exp1(INFINITY), isnan(exp1(NAN)) != 0);
  printf("tanh of -inf %g, -50 %g, 0 %g, 50 %g, inf %g, nan is nan %d\n", tanh1(-INFINITY), tanh1(-50), tanh1(0), tanh1(50),
         tanh1(INFINITY), isnan(tanh1(NAN)) != 0);
  printf("next to the ends: %d %d\n", exp1(-87.3365f) > 0, isfinite(exp1(88.3762f)) != 0);
  return 0;
}
