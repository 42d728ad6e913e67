package io.kontor.web.request;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalToIgnoringCase;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.kontor.web.correlation.CorrelationFilter;
import io.kontor.web.problem.SecurityProblemHandler;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@Tag("fast")
class SingleHeadersTest {
  private final MockMvc mvc =
      MockMvcBuilders.standaloneSetup(new Endpoint())
          .addFilters(
              new CorrelationFilter(),
              new SingleHeaders(
                  new SecurityProblemHandler(
                      JsonMapper.builder()
                          .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                          .build())))
          .build();

  @RestController
  static final class Endpoint {
    @GetMapping("/thing")
    String thing() {
      return "thing";
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Idempotency-Key",
        "If-Match",
        "Kontor-Min-Position",
        "Authorization",
        "idempotency-KEY"
      })
  void aHeaderThatMustBeSingleIsRefusedWhenItIsGivenTwice(String name) throws Exception {
    mvc.perform(get("/thing").header(name, "text/plain").header(name, "text/html"))
        .andExpect(status().isBadRequest())
        .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
        .andExpect(jsonPath("$.type").value("https://kontor.example/problems/invalid-request"))
        .andExpect(jsonPath("$.detail").value(endsWith("must be given once")))
        .andExpect(jsonPath("$.errors[0].pointer").value(equalToIgnoringCase(name)));
    mvc.perform(get("/thing").header(name, "text/plain")).andExpect(status().isOk());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Prefer", "Accept", "Forwarded"})
  void aHeaderThatIsAListMayComeInSeveralLines(String name) throws Exception {
    mvc.perform(get("/thing").header(name, "text/plain").header(name, "text/plain"))
        .andExpect(status().isOk());
  }
}
