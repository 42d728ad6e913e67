/** Data subjects and their right to be forgotten: command and event. */
@NullMarked
package io.kontor.api.datasubject;

import org.jspecify.annotations.NullMarked;
