package io.sendport.cli.option;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Consumes the next argument only if it is a duration, so that {@code --wait FILE} does not consume FILE. Otherwise the option gets its
 * fallback value, which picocli leaves to a consumer.
 */
public final class OptionalDurationConsumer implements IParameterConsumer {

    @Override
    @SuppressWarnings("JdkObsolete") // picocli hands over a Stack
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
        boolean given = !words.isEmpty() && words.peek().matches("\\d{1,6}[smhd]|PT?\\d.*");
        option.setValue(given ? words.pop() : ((OptionSpec) option).fallbackValue());
    }
}
