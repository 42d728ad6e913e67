package io.kontor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.hasItem;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.download.Download;
import io.kontor.web.header.KontorHeaders;
import io.kontor.web.json.BoundedJson;
import io.kontor.web.json.StrictJsonModule;
import io.kontor.web.paging.Cursor;
import io.kontor.web.paging.Page;
import io.kontor.web.paging.PageLimit;
import io.kontor.web.problem.IncompleteResponseException;
import io.kontor.web.problem.ProblemException;
import io.kontor.web.problem.ProblemExceptionHandler;
import io.kontor.web.problem.ProblemType;
import io.kontor.web.request.ParameterTypes;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class ProblemsTest {
  private final MockMvc mvc =
      MockMvcBuilders.standaloneSetup(new Endpoint())
          .setControllerAdvice(new ProblemExceptionHandler(), new ParameterTypes())
          .setMessageConverters(new JacksonJsonHttpMessageConverter(strict()))
          .addFilters(new CorrelationFilter())
          .build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"name":"n","size":{"cm":1}}              | 200 |             |
          {"name":"n","size":{"cm":1},"note":null}  | 200 |             |
          {"name":"n","size":{"cm":1},"extra":1}    | 400 | /extra      | is not known
          {"size":{"cm":1}}                         | 400 | /name       | is required
          {"name":null,"size":{"cm":1}}             | 400 | /name       | must not be null
          {"name":7,"size":{"cm":1}}                | 400 | /name       | must be a string
          {"name":true,"size":{"cm":1}}             | 400 | /name       | must be a string
          {"name":["n"],"size":{"cm":1}}            | 400 | /name       | must be a string
          {"name":"n","size":{}}                    | 400 | /size/cm    | is required
          {"name":"n","size":{"cm":null}}           | 400 | /size/cm    | must not be null
          {"name":"n","size":{"cm":"1"}}            | 400 | /size/cm    | must be a number
          {"name":"n","size":{"cm":1.5}}            | 400 | /size/cm    | must be a number
          {"name":"n","size":{"cm":-1}}             | 400 | /size/cm    | must be more than zero
          {"name":"n","size":"big"}                 | 400 | /size       | must be an object
          {"name":"n","size":{"cm":1},"colour":"PINK"} | 400 | /colour  | must be one of [RED, BLUE]
          {"name":"n","size":{"cm":1},"colour":1}   | 400 | /colour     | must be one of [RED, BLUE]
          {"name":"n","size":{"cm":1},"at":"today"} | 400 | /at         | must be a valid Instant
          {"name":"n","size":{"cm":1},"id":"1-2"}   | 400 | /id         | must be a valid UUID
          {"name":"n","size":{"cm":1},"id":" 0198c0de-0000-7000-8000-000000000001"} | 400 | /id | must be a valid UUID
          {"name":"n","size":{"cm":1},"id":"AZjA3gAAcACAAAAAAAAAAQ=="} | 400 | /id | must be a valid UUID
          {"name":"n","size":{"cm":1},"at":"+10000-01-01T00:00:00Z"} | 400 | /at | must be a valid Instant
          {"name":"n","name":"m","size":{"cm":1}}   | 400 | ``          |
          {"name":"n","size":{"cm":1}} {}           | 400 | ``          |
          {"name":                                  | 400 |             |
          []                                        | 400 | ``          | must be an object
          """)
  void aBodyIsTakenAtItsWord(
      String body, int status, @Nullable String pointer, @Nullable String detail) throws Exception {
    var result =
        mvc.perform(post("/things").contentType(MediaType.APPLICATION_JSON).content(body))
            .andExpect(status().is(status));
    if (status == 400) {
      result
          .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
          .andExpect(jsonPath("$.type").value("https://kontor.example/problems/invalid-request"))
          .andExpect(jsonPath("$.instance").value("/things"))
          .andExpect(jsonPath("$.status").value(400))
          .andExpect(jsonPath("$.detail").isNotEmpty());
    }
    if (pointer != null) {
      result.andExpect(jsonPath("$.errors[*].pointer", hasItem(pointer)));
    }
    if (detail != null) {
      result.andExpect(jsonPath("$.errors[*].detail", hasItem(detail)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cm", "long text", "long name", "nesting", "half a name"})
  void whatIsLongerThanAnythingThatIsMeantIsRefused(String what) throws Exception {
    String digits = "1".repeat(900_000);
    String body =
        switch (what) {
          case "cm" -> "{\"name\":\"n\",\"size\":{\"cm\":" + digits + "}}";
          case "long text" -> "{\"name\":\"" + digits + "\",\"size\":{\"cm\":1}}";
          case "long name" -> "{\"" + digits + "\":1}";
          case "half a name" -> "{\"\\ud800\":1}";
          default -> "[".repeat(900_000);
        };
    String answer =
        mvc.perform(post("/things").contentType(MediaType.APPLICATION_JSON).content(body))
            .andExpect(status().isBadRequest())
            .andReturn()
            .getResponse()
            .getContentAsString();
    assertThat(answer).hasSizeLessThan(2_000);
  }

  @Test
  void aMissingBodyIsTold() throws Exception {
    mvc.perform(post("/things").contentType(MediaType.APPLICATION_JSON))
        .andExpect(status().isBadRequest())
        .andExpect(jsonPath("$.errors[0].detail").value("a JSON body is required"));
  }

  @ParameterizedTest
  @CsvSource({
    "/things/not-a-uuid, id",
    "/things/1-1-1-1-1, id",
    "/things?limit=0x10, limit",
    "/things?limit=%2B5, limit",
    "/things?limit=%2310, limit",
    "/things?limit=%205, limit",
    "/things?limit=%D9%A5, limit",
    "/things?limit=, limit",
    "/things?limit=many, limit",
    "/things?limit=0, limit",
    "/things?limit=201, limit",
    "/things?cursor=%2A, cursor",
    "/things?cursor=bm8, cursor",
    "/needs/parameter, wanted",
    "/needs/header, X-Wanted"
  })
  void aWrongParameterIsNamed(String path, String pointer) throws Exception {
    mvc.perform(get(java.net.URI.create(path)))
        .andExpect(status().isBadRequest())
        .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
  }

  @Test
  void theWrongMethodMediaTypeAndPathAreProblemsToo() throws Exception {
    mvc.perform(put("/things"))
        .andExpect(status().isMethodNotAllowed())
        .andExpect(header().exists("Allow"))
        .andExpect(jsonPath("$.type").value("https://kontor.example/problems/method-not-allowed"));
    mvc.perform(post("/things").contentType(MediaType.TEXT_PLAIN).content("x"))
        .andExpect(status().isUnsupportedMediaType())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON));
    mvc.perform(get("/things").accept(MediaType.TEXT_HTML))
        .andExpect(status().isNotAcceptable())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON));
  }

  @Test
  void aProblemKeepsItsHeadersAndSlug() throws Exception {
    mvc.perform(get("/busy"))
        .andExpect(status().isServiceUnavailable())
        .andExpect(header().string("Retry-After", "1"))
        .andExpect(jsonPath("$.type").value("https://kontor.example/problems/store-busy"))
        .andExpect(jsonPath("$.errors").doesNotExist());
  }

  @Test
  void whatNobodyExpectedTellsNothingInternal() throws Exception {
    String body =
        mvc.perform(get("/broken"))
            .andExpect(status().isInternalServerError())
            .andExpect(header().exists(KontorHeaders.CORRELATION_ID))
            .andReturn()
            .getResponse()
            .getContentAsString();
    assertThat(body).contains("internal-error").doesNotContain("secret");
  }

  @Test
  void aDocumentThatFailsBeforeItIsSentIsAProblem() throws Exception {
    mvc.perform(get("/document?isSent=false"))
        .andExpect(status().isServiceUnavailable())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
        .andExpect(header().doesNotExist("Content-Disposition"))
        .andExpect(jsonPath("$.type").value("https://kontor.example/problems/read-model-behind"));
  }

  @Test
  void aDocumentThatFailsInTheMiddleIsLeftToTheContainer() {
    assertThatThrownBy(() -> mvc.perform(get("/document?isSent=true")))
        .hasCauseInstanceOf(IncompleteResponseException.class);
  }

  @Test
  void aMessageThatRefusesAValueIsTheClientsError() throws Exception {
    mvc.perform(get("/refusing"))
        .andExpect(status().isBadRequest())
        .andExpect(jsonPath("$.errors[0].pointer").value("/amount"))
        .andExpect(jsonPath("$.errors[0].detail").value("must be more than zero"));
  }

  private static JsonMapper strict() {
    JsonMapper.Builder builder =
        JsonMapper.builder(BoundedJson.factory())
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class);
    new StrictJsonModule().customize(builder);
    return builder.build();
  }

  enum Colour {
    RED,
    BLUE
  }

  record Size(int cm) {
    Size {
      if (cm < 0) {
        throw new IllegalArgumentException("cm: must be more than zero");
      }
    }
  }

  record Thing(
      String name,
      Size size,
      @Nullable Colour colour,
      @Nullable Instant at,
      @Nullable UUID id,
      @Nullable String note) {}

  @RestController
  static class Endpoint {
    @PostMapping("/things")
    Thing create(@RequestBody Thing thing) {
      return thing;
    }

    @GetMapping("/things/{id}")
    UUID one(@PathVariable("id") UUID id) {
      return id;
    }

    @GetMapping(path = "/things", produces = MediaType.APPLICATION_JSON_VALUE)
    Page<Integer> all(
        @RequestParam(required = false) Integer limit,
        @RequestParam(required = false) String cursor) {
      Cursor.decode(cursor, Long::valueOf);
      return new Page<>(List.of(PageLimit.of(limit)), null);
    }

    @GetMapping("/needs/parameter")
    String parameter(@RequestParam String wanted) {
      return wanted;
    }

    @GetMapping("/needs/header")
    String header(@RequestHeader("X-Wanted") String wanted) {
      return wanted;
    }

    @GetMapping("/busy")
    String busy() {
      throw ProblemException.tryAgain(ProblemType.STORE_BUSY, "try again");
    }

    @GetMapping("/broken")
    String broken() {
      throw new IllegalStateException("secret: the password");
    }

    @GetMapping("/document")
    void document(@RequestParam boolean isSent, HttpServletResponse response) throws IOException {
      Download.send(
          response,
          MediaType.TEXT_PLAIN,
          "document.txt",
          out -> {
            out.write('x');
            if (isSent) {
              out.flush();
            }
            throw ProblemException.tryAgain(ProblemType.READ_MODEL_BEHIND, "try again");
          });
    }

    @GetMapping("/refusing")
    String refusing() {
      throw new IllegalArgumentException("amount: must be more than zero");
    }
  }
}
