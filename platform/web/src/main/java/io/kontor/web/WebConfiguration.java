package io.kontor.web;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/** What every web application of Kontor's needs. Security is the application's own to configure. */
@Configuration(proxyBeanMethods = false)
@Import({ProblemAdvice.class, ContainerErrors.class, CorrelationFilter.class})
public class WebConfiguration {
  @Bean
  JsonMapperBuilderCustomizer strictJson() {
    return new StrictJson();
  }

  @Bean
  ProblemAnswers problemAnswers(JsonMapper json) {
    return new ProblemAnswers(json);
  }
}
