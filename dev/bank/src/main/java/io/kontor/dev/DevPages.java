package io.kontor.dev;

import org.springframework.context.annotation.Profile;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves pages for trying out, in profile {@code embedded} only. */
@Profile("embedded")
class DevPages implements WebMvcConfigurer {
  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry.addResourceHandler("/dev/pages/*").addResourceLocations("classpath:/dev/pages/");
  }
}
