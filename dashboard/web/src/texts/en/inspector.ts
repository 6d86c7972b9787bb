export const inspector = {
  title: "Packet",
};
