/* Speaks UAPKI's two functions and none of its cryptography: what it answers stands in the file "mode".
   Compiled by test_uapki.py with -DFOLDER="…"; keeps a list of what it was asked in the file "calls". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIMIT 65536
#define PERIOD "\"validity\": {\"notBefore\": \"2026-01-01 00:00:00\", \"notAfter\": \"2046-01-01 00:00:00\"}"

static char mode[64];

static void slurp(const char *name, char *into, size_t limit) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", FOLDER, name);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(into, 1, limit - 1, file) : 0;
    into[length] = 0;
    if (file) fclose(file);
}

static void note(const char *what) {
    FILE *file = fopen(FOLDER "/calls", "a");
    fprintf(file, "%s\n", what);
    fclose(file);
}

static int is(const char *name) { return strcmp(mode, name) == 0; }

static char *verified(const char *request, char *answer) {
    static char content[LIMIT];
    int full = strstr(request, "\"FULL\"") != NULL;
    note(full ? "FULL" : "CHAIN");
    if (is("slow")) sleep(30);
    if (is("crash")) abort();
    if (is("garbage")) return strcpy(answer, "<html>502</html>");
    if (is("shapeless")) return strcpy(answer, "{\"errorCode\": 0, \"result\": {\"signatureInfos\": [5]}}");
    if (is("algorithm")) return strcpy(answer, "{\"errorCode\": 4110, \"result\": {}}");
    if (is("structure")) return strcpy(answer, "{\"errorCode\": 4145, \"result\": {}}");
    if (is("noise")) { puts("{\"id\": 1, \"code\": 0}"); fflush(stdout); fputs("noise\n", stderr); }
    slurp("content", content, sizeof content);
    int same = !strstr(request, "\"content\"") || strstr(request, content) != NULL;
    const char *revocation = !full || is("silent") ? ""
        : is("revoked") ? ", \"validateByOCSP\": {\"status\": \"REVOKED\", \"statusSignature\": \"VALID\"}"
        : is("unsigned_answer") ? ", \"validateByOCSP\": {\"status\": \"GOOD\", \"statusSignature\": \"INVALID\"}"
        : is("revoked_list") ? ", \"validateByOCSP\": {\"status\": \"GOOD\", \"statusSignature\": \"VALID\"},"
                               " \"validateByCRL\": {\"status\": \"REVOKED\", \"statusSignature\": \"VALID\"}"
        : ", \"validateByCRL\": {\"status\": \"GOOD\", \"statusSignature\": \"VALID\"}";
    const char *stamp = strncmp(mode, "stamped", 7) ? ""
        : ", \"signatureTS\": {\"genTime\": \"2026-11-28 12:00:07\", \"statusDigest\": \"VALID\","
          " \"statusSignature\": \"VALID\", \"signerCertId\": \"c3RhbXA=\"}";
    snprintf(answer, LIMIT,
        "{\"errorCode\": %d, \"method\": \"VERIFY\", \"result\": {\"signatureInfos\": [{\"signerCertId\": \"c2lnbmVy\","
        " \"status\": \"%s\", \"statusSignature\": \"%s\", \"statusMessageDigest\": \"%s\","
        " \"statusEssCert\": \"%s\"%s, \"certificateChain\": ["
        "{\"subjectCertId\": \"c2lnbmVy\", " PERIOD ", \"expired\": %s, \"trusted\": false,"
        " \"issuerCertId\": \"%s\", \"statusSignature\": \"%s\"%s},"
        "{\"subjectCertId\": \"YXV0aG9yaXR5\", " PERIOD ", \"expired\": false, \"trusted\": %s,"
        " \"issuerCertId\": \"YXV0aG9yaXR5\", \"statusSignature\": \"VALID\"},"
        "{\"subjectCertId\": \"c3RhbXA=\", " PERIOD ", \"expired\": false, \"trusted\": false,"
        " \"issuerCertId\": \"%s\", \"statusSignature\": \"VALID\"}]}]}}",
        is("silent") && full ? 4193 : 0,
        is("indeterminate") ? "INDETERMINATE" : same && !is("wrong") ? "TOTAL-VALID" : "TOTAL-FAILED",
        is("wrong") ? "INVALID" : "VALID", same ? "VALID" : "INVALID",
        is("without_name") ? "NOT PRESENT" : "VALID", stamp,
        is("expired") ? "true" : "false", is("no_authority") ? "" : "YXV0aG9yaXR5",
        is("forged_authority") ? "VALID WITHOUT KEYUSAGE" : "VALID", revocation,
        is("untrusted") ? "false" : "true", is("stamped_untrusted") ? "" : "YXV0aG9yaXR5");
    return answer;
}

char *process(const char *request) {
    static char body[LIMIT];
    char *answer = malloc(2 * LIMIT);
    slurp("mode", mode, sizeof mode);
    if (strstr(request, "\"method\": \"VERIFY\"")) return verified(request, answer);
    if (strstr(request, "\"method\": \"GET_CERT\"")) {
        slurp("certificate", body, sizeof body);
        snprintf(answer, 2 * LIMIT, "{\"errorCode\": 0, \"result\": {\"bytes\": \"%s\"}}", body);
    } else if (strstr(request, "\"method\": \"DECRYPT\"")) {
        slurp("plain", body, sizeof body);
        snprintf(answer, 2 * LIMIT, "{\"errorCode\": %d, \"result\": {\"content\": {\"bytes\": \"%s\"}}}",
                 is("other_recipient") ? 4154 : 0, body);
    } else if (strstr(request, "\"method\": \"ADD_CERT\"")) {
        strcpy(answer, "{\"errorCode\": 0, \"result\": {\"added\": [{\"errorCode\": 0, \"certId\": \"c2l0ZQ==\"}]}}");
    } else if (strstr(request, "\"method\": \"OPEN\"")) {
        int known = strstr(request, "\"password\": \"open-sesame\"") != NULL;
        snprintf(answer, LIMIT, "{\"errorCode\": %d, \"result\": {}}", known ? 0 : 1041);
    } else if (strstr(request, "\"method\": \"SELECT_KEY\"")) {
        snprintf(answer, LIMIT, "{\"errorCode\": %d, \"result\": {}}", strstr(request, "c2l0ZQ==") ? 0 : 1044);
    } else if (strstr(request, "\"method\": \"INIT\"")) {
        note("INIT");
        snprintf(answer, LIMIT, "{\"errorCode\": %d, \"result\": {}}", strstr(request, "\"MII") ? 0 : 4101);
    } else {
        strcpy(answer, "{\"errorCode\": 0, \"result\": {\"name\": \"UAPKI\", \"version\": \"shim\"}}");
    }
    return answer;
}

void json_free(char *answer) { free(answer); }
