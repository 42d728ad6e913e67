package io.kontor.web;

import io.kontor.web.json.BoundedJson;
import io.kontor.web.json.ContentLengthJsonConverter;
import io.kontor.web.json.StrictJsonModule;
import io.kontor.web.openapi.CallCustomizer;
import io.kontor.web.openapi.DescriptionCustomizer;
import io.kontor.web.request.GivenOnce;
import io.kontor.web.request.ParameterTypes;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Beans that every web application of Kontor needs. Each application configures its own security.
 */
@Configuration(proxyBeanMethods = false)
@Import({HttpServerConfiguration.class, ParameterTypes.class})
public class WebConfiguration {
  @Bean
  JsonMapperBuilderCustomizer strictJson() {
    return new StrictJsonModule();
  }

  /** Replaces Spring Boot's mapper, which reads strings of any length. */
  @Bean
  @Scope(BeanDefinition.SCOPE_PROTOTYPE)
  JsonMapper.Builder boundedJson(List<JsonMapperBuilderCustomizer> customizers) {
    JsonMapper.Builder builder = JsonMapper.builder(BoundedJson.factory());
    customizers.forEach(customizer -> customizer.customize(builder));
    return builder;
  }

  @Bean
  CallCustomizer callDescriptions() {
    return new CallCustomizer();
  }

  @Bean
  DescriptionCustomizer apiDescription() {
    return new DescriptionCustomizer();
  }

  @Bean
  WebMvcConfigurer givenOnce() {
    return new GivenOnce();
  }

  @Bean
  ServerHttpMessageConvertersCustomizer wholeJson(JsonMapper json) {
    return converters -> converters.withJsonConverter(new ContentLengthJsonConverter(json));
  }
}
