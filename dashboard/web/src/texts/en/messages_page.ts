export const messagesPage = {
  title: "Messages",
};
