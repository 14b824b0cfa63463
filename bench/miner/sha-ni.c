/*
 * SHA-256d of an 80-byte header with the processor's SHA instructions: midstate of the first 64 bytes, two nonces
 * interleaved, every hash judged by its last word. What native code on this machine can do at most, to compare with.
 *
 * sha-ni HEADER_HEX NONCE MILLISECONDS
 * prints the last word of the hash with NONCE, the hashes tried from there on, and the CPU microseconds they took.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

#define WAYS 2
#define EACH for (int i = 0; i < WAYS; i++)

/* The state as the instructions want it: a, b, e, f and c, d, g, h, from the highest word down. */
typedef struct {
  __m128i abef[WAYS], cdgh[WAYS];
} State;

static inline void compress(State *state, __m128i block[WAYS][4]) {
  State s = *state;
#pragma GCC unroll 16
  for (int g = 0; g < 16; g++) {
    __m128i sum[WAYS];
    EACH sum[i] = _mm_add_epi32(block[i][g & 3], _mm_load_si128((const __m128i *)&K[4 * g]));
    EACH s.cdgh[i] = _mm_sha256rnds2_epu32(s.cdgh[i], s.abef[i], sum[i]);
    EACH s.abef[i] = _mm_sha256rnds2_epu32(s.abef[i], s.cdgh[i], _mm_shuffle_epi32(sum[i], 0x0e));
    if (g < 12)
      EACH {
        __m128i *w = block[i], last = w[(g + 3) & 3];
        __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(w[g & 3], w[(g + 1) & 3]),
                                        _mm_alignr_epi8(last, w[(g + 2) & 3], 4));
        w[g & 3] = _mm_sha256msg2_epu32(partial, last);
      }
  }
  EACH state->abef[i] = _mm_add_epi32(state->abef[i], s.abef[i]);
  EACH state->cdgh[i] = _mm_add_epi32(state->cdgh[i], s.cdgh[i]);
}

static State initial(void) {
  State s;
  EACH s.abef[i] = _mm_set_epi32(0x6a09e667, 0xbb67ae85, 0x510e527f, 0x9b05688c);
  EACH s.cdgh[i] = _mm_set_epi32(0x3c6ef372, 0xa54ff53a, 0x1f83d9ab, 0x5be0cd19);
  return s;
}

/* The last words of the hashes with `nonce` and the ones after it, as the most significant of the number they are. */
static inline void hash(const State *midstate, __m128i tail, uint32_t nonce, uint32_t last[WAYS]) {
  __m128i block[WAYS][4];
  State s = *midstate;
  EACH {
    block[i][0] = _mm_insert_epi32(tail, (int)__builtin_bswap32(nonce + i), 3);
    block[i][1] = _mm_set_epi32(0, 0, 0, (int)0x80000000);
    block[i][2] = _mm_setzero_si128();
    block[i][3] = _mm_set_epi32(640, 0, 0, 0);
  }
  compress(&s, block);
  EACH {
    block[i][0] = _mm_shuffle_epi32(_mm_unpackhi_epi64(s.abef[i], s.cdgh[i]), 0xb1);
    block[i][1] = _mm_shuffle_epi32(_mm_unpacklo_epi64(s.abef[i], s.cdgh[i]), 0xb1);
    block[i][2] = _mm_set_epi32(0, 0, 0, (int)0x80000000);
    block[i][3] = _mm_set_epi32(256, 0, 0, 0);
  }
  s = initial();
  compress(&s, block);
  EACH last[i] = __builtin_bswap32((uint32_t)_mm_extract_epi32(s.cdgh[i], 0));
}

static double cpu_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * (double)now.tv_sec + (double)now.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  uint32_t word[20];
  for (int i = 0; i < 20; i++) {
    char hex[9] = {0};
    for (int j = 0; j < 8; j++) hex[j] = argv[1][8 * i + j];
    word[i] = (uint32_t)strtoul(hex, NULL, 16);
  }
  uint32_t nonce = (uint32_t)strtoul(argv[2], NULL, 10), last[WAYS], found = 0;
  __m128i block[WAYS][4];
  EACH for (int j = 0; j < 4; j++) block[i][j] = _mm_loadu_si128((const __m128i *)&word[4 * j]);
  State midstate = initial();
  compress(&midstate, block);
  __m128i tail = _mm_set_epi32(0, (int)word[18], (int)word[17], (int)word[16]);

  hash(&midstate, tail, nonce, last);
  uint32_t first = last[0];
  double start = cpu_us(), used = 0, hashes = 0;
  while (used < 1e3 * atof(argv[3])) {
    for (int n = 0; n < 65536; n += WAYS, nonce += WAYS) {
      hash(&midstate, tail, nonce, last);
      EACH found += last[i] == 0;
    }
    hashes += 65536;
    used = cpu_us() - start;
  }
  printf("%u %.0f %.0f %u\n", first, hashes, used, found);
  return 0;
}
